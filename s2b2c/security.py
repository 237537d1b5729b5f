"""One content security policy for the shop, and looser ones for the parts of other people's making."""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends CONTENT_SECURITY_POLICY, with the directives that CONTENT_POLICY_BY_PREFIX replaces for a path."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Replace the directives of the first prefix that the path begins with."""
        parts = super().get_policy_parts(request, response, report_only)
        if report_only:
            return parts
        for prefix, directives in settings.CONTENT_POLICY_BY_PREFIX.items():
            if request.path_info.startswith(prefix):
                replaced: dict[str, Any] = {**directives, **(parts.replace or {})}
                parts.replace = replaced
                break
        return parts
