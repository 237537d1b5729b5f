"""What a member was told, in one place: the same words as went out by e-mail and SMS; and what they want to be told."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.api import open_to_members
from apps.notifications.api import Topic, list_inbox, set_preference, wants


class WishForm(forms.Form):
    """What one wants to be told of."""

    service_due = forms.BooleanField(
        label=gettext_lazy("Remind me when my car is due for service"),
        required=False,
        help_text=gettext_lazy("By SMS, e-mail and here. No SMS comes between 21:00 and 8:00."),
    )


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """List the member's messages, the newest first; a POST says what they want to be told of."""
    if request.method == "POST":
        form = WishForm(request.POST)
        form.full_clean()
        is_wanted = form.cleaned_data["service_due"]
        set_preference(user=request.user, topic=Topic.SERVICE_DUE, is_wanted=is_wanted, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("shop:inbox")
    form = WishForm(initial={"service_due": wants(request.user, Topic.SERVICE_DUE)})
    return render(request, "storefront/inbox.html", {"messages_told": list_inbox(request.user), "form": form})
