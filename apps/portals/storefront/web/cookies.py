"""Which cookies there are, and the visitor's choice about those that are not necessary."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.api import open_to_everyone
from apps.portals.storefront.consent import Purpose, given, remember


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def cookies(request: HttpRequest) -> HttpResponse:
    """Explain the cookies and take the choice; taking it back is the same form."""
    if request.method == "POST":
        purposes = [Purpose.PERSONAL] if request.POST.get("choice") == "all" else []
        back = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        if not is_ours:
            messages.success(request, _("Your choice is kept."))
        return remember(redirect(back if is_ours else reverse("shop:cookies")), purposes)
    answer = given(request)
    context = {"answer": "" if answer is None else "all" if Purpose.PERSONAL in answer else "necessary"}
    return render(request, "storefront/site/cookies.html", context)
