"""Budgets of failed sign-ins, counted in the database: a lost cache forgives nobody."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.accounts.models import User, phone_index

TOO_MANY_REQUESTS = 429
# The order of AXES_LOCKOUT_PARAMETERS.
BUDGETS = ("pair", "account", "address")


class BudgetHandler(AxesDatabaseHandler):
    """
    Locks when any of three budgets is used up.

    axes knows one limit for all its counters; counts are scaled so that a full budget of any kind reaches that limit.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The fullest budget, as a share of AXES_FAILURE_LIMIT."""
        counts = [
            attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        ]
        budgets = [settings.SIGN_IN_BUDGETS[name] for name in BUDGETS]
        return max(count * settings.AXES_FAILURE_LIMIT // budget for count, budget in zip(counts, budgets, strict=True))


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address, behind as many proxies as are ours."""
    return get_client_ip(request) or "0.0.0.0"  # noqa: S104


def account_key(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Name the account that a sign-in aims at, without writing a phone number down."""
    given = credentials or {}
    phone = given.get("phone")
    if phone:
        return f"phone:{phone_index(phone)}"
    return User.objects.normalize_email(given.get("email") or given.get("username"))[:255]


def locked_out_response(
    request: HttpRequest, original_response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The answer to a locked visitor: 429 in the shape the surface speaks."""
    message = _("Too many failed attempts. Wait 15 minutes, or reset your password.")
    if request.path.startswith("/_allauth/"):
        error = {"code": "too_many_login_attempts", "message": message}
        return JsonResponse({"status": TOO_MANY_REQUESTS, "errors": [error]}, status=TOO_MANY_REQUESTS)
    if request.path.startswith("/api/"):
        body = {"code": "too_many_login_attempts", "message": message, "fields": {}, "context": {}}
        return JsonResponse(body, status=TOO_MANY_REQUESTS)
    return render(request, "account/locked_out.html", {"reason": message}, status=TOO_MANY_REQUESTS)
