"""JSON bodies, read strictly: what database or answer could not carry ends here as a 400."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from rest_framework import exceptions, parsers

MAX_BODY = 1_000_000  # a site's longest list of codes is far shorter


class TooLarge(exceptions.APIException):
    """The body is longer than any object of master data."""

    status_code = 413
    default_code = "too_large"
    default_detail = f"A body may have {MAX_BODY:,} bytes."


class StrictJsonParser(parsers.BaseParser):
    """Refuses what the default lets in: numbers out of range, lone surrogates, deep nesting."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The decoded body."""
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            return msgspec.json.decode(body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise exceptions.ParseError(f"The body is no JSON that can be read: {error}") from error
