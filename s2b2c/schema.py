"""What the API's schema is about: our own versioned endpoints, and not the inner API of the editors' pages."""

from typing import Any

from django.utils import translation
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

# The schema is one document, whoever reads it: the checked-in file and every answer are the same.
LANGUAGE = "en"
# Path, path as a regular expression, method, view; as drf-spectacular lists them.
Endpoint = tuple[str, str, str, Any]


def only_ours(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Keep the endpoints that the contract covers."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


class SchemaView(SpectacularAPIView):
    """Serves the schema as JSON, in one language for everybody."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the schema."""
        with translation.override(LANGUAGE):
            return self._get_schema_response(request)
