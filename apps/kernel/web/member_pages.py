"""
Kept pages for members: what everybody gets, with what is the member's own put in by the server.

A page marks what is a visitor's own by name, and a view says what a member has there:

    <!--own:tools--> … as a guest sees it … <!--/own:tools-->

    @cached_page(tags=["stores"], own=own_tools)        # own_tools(request) -> {"tools": "…HTML…"}
    def home(request): ...

The request has passed every middleware by then: session, second factor, impersonation. Only the rendering is saved. A
member for whom anything else differs is rendered a page: ``own`` returns None, or a message waits to be shown. A page
that is not kept is rendered for the member alone and not kept, for a page is kept only as nobody saw it.
"""

from collections.abc import Callable, Mapping

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from apps.kernel.page_cache import blanks
from apps.kernel.page_cache.client import Unreachable, get_client
from apps.kernel.page_cache.pages import read_page

# HTML by the name of its place; None: more than these places differs.
Own = Callable[[HttpRequest], Mapping[str, str] | None]
NO_LEASE = 0


def complete_for_member(request: HttpRequest, key: str, own: Own) -> HttpResponse | None:
    """Return the page under a key as the member who asks is to see it; None if it must be rendered."""
    client = get_client()
    if client is None or not request.user.is_authenticated or len(get_messages(request)):
        return None
    try:
        page = read_page(client, key, "", lease=NO_LEASE).page
    except Unreachable:
        return None
    parts = own(request) if page is not None else None
    if page is None or parts is None:
        return None
    content = page.body.data
    if page.body.blanks:
        content = content.replace(blanks.blank().encode(), get_token(request).encode())
    for name, part in parts.items():
        before, start, rest = content.partition(b"<!--own:%s-->" % name.encode())
        _, end, after = rest.partition(b"<!--/own:%s-->" % name.encode())
        if end:
            content = b"".join((before, start, part.encode(), end, after))
    response = HttpResponse(content, status=page.head.status)
    response.headers["Content-Type"] = page.head.headers["Content-Type"]
    return response
