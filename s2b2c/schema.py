"""What the API's schema is about: our own versioned endpoints, and not the inner API of the editors' pages."""

from typing import Any

# Path, path as a regular expression, method, view; as drf-spectacular lists them.
Endpoint = tuple[str, str, str, Any]


def only_ours(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Keep the endpoints that the contract covers."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]
