"""Names the signed-in user in the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.kernel.audit.actor import acting


class AuditActorMiddleware:
    """
    Every change a request makes is audited under its user; place it after the authentication middleware.

    The user is looked up at the first change, which comes after REST has read the session token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def get_actor_id() -> int | None:
            user = getattr(request, "user", None)
            return user.pk if user is not None and user.is_authenticated else None

        def get_impersonator_id() -> int | None:
            operator = getattr(request, "impersonator", None)
            return operator.pk if operator is not None else None

        with acting(get_actor_id, impersonator=get_impersonator_id):
            return self.get_response(request)
