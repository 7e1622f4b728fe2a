"""What the API's description says of refusals, where an operation says nothing of them itself."""

from typing import Any

_ERROR = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "fields": {"type": "object", "description": "What is wrong, by field, where it is known."},
    },
}
_REFUSALS = {
    "400": "Something that was sent is wrong.",
    "401": "Nobody is logged in, and there is no token that is known.",
    "403": "The role does not allow this.",
    "404": "There is no such thing, or only at a site of others.",
}


def add_refusals(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """A drf-spectacular hook: errors have one form, whatever was asked for."""
    result["components"]["schemas"]["Error"] = _ERROR
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if not any(code.startswith("4") for code in operation["responses"]):
                operation["responses"] |= _refusals(path, method)
    return result


def _refusals(path: str, method: str) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    unlikely = {"400"} if method == "delete" else set()
    if "{" not in path:
        unlikely.add("404")
    return {
        code: {"description": text, "content": error}
        for code, text in _REFUSALS.items()
        if code not in unlikely
    }
