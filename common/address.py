"""Where this server is found."""

from django.conf import settings


def server_url() -> str:
    """As settings have it, without a slash at the end; a reverse proxy may have another."""
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{host}:{settings.PORT}"
