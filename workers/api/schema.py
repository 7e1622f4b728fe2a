"""How the OpenAPI page describes the log-in by session."""

from drf_spectacular.authentication import SessionScheme


class MemberSessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """The cookie of the pages."""

    target_class = "workers.authentication.MemberSessionAuthentication"
