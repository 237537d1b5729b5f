"""Pictures that suppliers brought with their products."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.accounts.api import open_to_everyone
from apps.catalog.api import find_uploaded_picture

A_YEAR = 365 * 24 * 3600


@open_to_everyone
@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def uploaded_picture(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Send a picture of a product in the shop; a file that is no such picture reads as missing."""
    file = find_uploaded_picture(file_id)
    if file is None:
        raise Http404
    answer = FileResponse(file.content.open("rb"), content_type=file.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
