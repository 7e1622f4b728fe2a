"""Admin pages of what the installation keeps by itself, such as its tasks: nobody edits there."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from workers.admin.base import SuperuserOnly


class UpkeepAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    """A list for superusers to look at; it says so when nobody does the work."""

    list_display_links = None
    sortable_by = ()
    actions = None

    def standstill(self) -> str:
        """What to say because nobody does the work; empty while somebody does."""
        return ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """With a warning where it is due."""
        if warning := self.standstill():
            self.message_user(request, warning, messages.WARNING)
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows come by themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False
