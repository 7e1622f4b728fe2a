"""Addresses of the pages."""

from django.urls import path, register_converter

from metrics import dashboard


class CodeConverter:
    """A site's code as one part of a path, whatever characters it has."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The code that a path names."""
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        """What stands for the code in a path; a slash would end it."""
        return value.replace("%", "%25").replace("/", "%2F")


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", dashboard.overview, name="overview"),
    path("sites/<code:code>/", dashboard.site_overview, name="site-overview"),
]
