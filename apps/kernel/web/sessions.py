"""Sessions whose key changes while a page still asks for its small things."""

from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers


class SessionMiddleware(DjangoSessionMiddleware):
    """
    Django's, but it takes a cookie back only when this very request ended the session.

    Signing in and joining a team give the session a new key. A request that left the browser a moment earlier still
    carries the old key and finds nothing under it; Django would answer it with "forget your cookie", which, heard
    after the new key, signs the visitor out. A cookie that opens nothing does no harm: it is left to run out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Save or end the session as Django does; leave the cookie alone where the key was only unknown."""
        session = getattr(request, "session", None)
        if session is not None and session.is_empty() and not session.modified:
            if session.accessed:
                patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)
