"""What a dealer's people fill in. The services check it again; the forms are there to say so beside the field."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.api import User
from apps.dealers.api import Store
from apps.leads.api import BY_DEALERS, BY_SELLERS, FollowUpKind, LeadSource, LostReason

PICTURES = "image/jpeg,image/png"


class FollowUpForm(forms.Form):
    """What was done about a lead, and what comes next."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("What did you do?"),
        choices=[("", _("Please choose")), *((kind.value, kind.label) for kind in BY_SELLERS)],
        error_messages={"required": _("Please choose what you did.")},
    )
    note = forms.CharField(
        label=pgettext_lazy("lead", "Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("In two days, if you leave it empty."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def cleaned(self) -> dict[str, Any]:
        """Return the values as the service takes them."""
        data = self.cleaned_data
        next_at: datetime | None = data["next_at"]
        return {
            "kind": FollowUpKind(data["kind"]),
            "note": data["note"],
            "next_step": data["next_step"],
            "next_at": next_at,
        }


class LostForm(forms.Form):
    """Why a lead came to nothing."""

    use_required_attribute = False

    lost_reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[("", _("Please choose")), *LostReason.choices],
        error_messages={"required": _("Please give a reason.")},
    )
    note = forms.CharField(label=pgettext_lazy("lead", "Note"), required=False, max_length=200)


class ReassignForm(forms.Form):
    """To whom a lead goes, and why."""

    use_required_attribute = False

    owner = forms.TypedChoiceField(label=_("Colleague"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=200, error_messages={"required": _("Please give a reason.")})

    def __init__(self, *args: Any, colleagues: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Please choose")), *((one.pk, str(one)) for one in colleagues)]


class NewLeadForm(forms.Form):
    """Somebody who came in, or called."""

    use_required_attribute = False

    source = forms.ChoiceField(label=_("Source"), choices=[(one.value, LeadSource(one).label) for one in BY_DEALERS])
    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=60, error_messages={"required": _("Please give a name.")}
    )
    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "tel", "type": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Please give a valid phone number.")},
    )
    trim = forms.TypedChoiceField(label=_("Interested in"), coerce=int)
    message = forms.CharField(
        label=pgettext_lazy("lead", "Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.BooleanField(
        label=_("The person agrees that the store may call or text about this request."),
        error_messages={"required": _("Without consent nobody is called.")},
    )

    def __init__(self, *args: Any, stores: Iterable[Store], trims: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(store.pk, store.name) for store in stores]
        self.fields["trim"].choices = [("", _("Please choose")), *trims]


class QuoteForm(forms.Form):
    """A price on paper: for which car, from which store, for whom, for how long."""

    use_required_attribute = False

    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    trim = forms.TypedChoiceField(label=_("Car, as it is standard"), coerce=int, required=False, empty_value=None)
    link = forms.CharField(
        label=_("Or the link of a configuration"),
        required=False,
        max_length=1000,
        help_text=_("Configure the car in the shop, then copy the address of the page here."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    offered = forms.DecimalField(
        label=_("Your store's price"),
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("Leave it empty for the price of the lists. How far below it you may go depends on your level."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    customer_name = forms.CharField(label=_("Customer"), required=False, max_length=60)
    valid_days = forms.IntegerField(label=_("Valid for days"), initial=7, min_value=1, max_value=60)

    def __init__(self, *args: Any, stores: Iterable[Store], trims: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(store.pk, store.name) for store in stores]
        self.fields["trim"].choices = [("", _("Please choose")), *trims]


class SignForm(forms.Form):
    """A name, and where a script runs, a signature drawn on the screen."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        help_text=_("With your name you sign that this car may be handed over."),
        error_messages={"required": _("Please write your name.")},
    )
    drawn = forms.CharField(label=_("Signature"), required=False, max_length=400_000, widget=forms.HiddenInput)
