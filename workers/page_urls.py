"""Addresses of pages that belong to no one model: of connecting, of invitations and passwords."""

from django.contrib.auth import views
from django.urls import path

from workers import account_pages, invitation_pages
from workers.admin import connect

urlpatterns = [
    path("admin/connect/<int:site_id>/", connect.connect, name="connect"),
    path("admin/connect/<int:site_id>/<int:camera_id>/", connect.connect, name="connect"),
    path("invitation/", invitation_pages.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation_pages.link, name="invitation-link"),
    path("password/", account_pages.PasswordChange.as_view(), name="password_change"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("password/forgotten/", account_pages.ForgottenPassword.as_view(), name="password_reset"),
    path(
        "password/forgotten/done/",
        views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "password/new/<str:uidb64>/<str:token>/",
        account_pages.NewPassword.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "password/new/done/",
        views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
