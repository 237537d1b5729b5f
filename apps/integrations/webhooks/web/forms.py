"""What the pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.integrations.webhooks.api import list_event_types


class EndpointForm(forms.Form):
    """Where, and of what, an organization wants to be told."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https:// and a public host. We POST JSON there and wait ten seconds for an answer of 2xx."),
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    note = forms.CharField(label=_("Remark"), max_length=120, required=False, help_text=_("For yourselves."))
    event_types = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event_types"].choices = [  # type: ignore[attr-defined]
            (event.name, event.title) for event in list_event_types(kind)
        ]
        self.fields["event_types"].error_messages["required"] = _("Choose at least one event type.")


class ReplayForm(forms.Form):
    """From when on everything is sent again."""

    since = forms.DateTimeField(
        label=_("Since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    only_failed = forms.BooleanField(label=_("Only what was given up"), required=False, initial=True)
