"""Forms of the review pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.accounts.api import Language
from apps.onboarding.services.applications import Contact
from apps.onboarding.states import ApplicantKind


class PaperDecisionForm(forms.Form):
    """Why one paper is not accepted or not needed."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=1000)


class DecisionForm(forms.Form):
    """Why an application is rejected, handed back, or approved although something is missing."""

    reason = forms.CharField(
        label=_("Reason, or what to tell the applicant"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class InviteForm(forms.Form):
    """Whom to invite."""

    kind = forms.ChoiceField(label=_("kind"), choices=ApplicantKind.choices, widget=UnfoldAdminSelectWidget)
    name_zh = forms.CharField(label=_("Company name"), max_length=120, widget=UnfoldAdminTextInputWidget)
    contact_name = forms.CharField(label=_("contact"), max_length=60, widget=UnfoldAdminTextInputWidget)
    contact_email = forms.EmailField(label=_("contact's e-mail"), widget=UnfoldAdminEmailInputWidget)
    contact_phone = forms.CharField(
        label=_("contact's phone"), max_length=32, required=False, widget=UnfoldAdminTextInputWidget
    )
    language = forms.ChoiceField(label=_("language"), choices=Language.choices, widget=UnfoldAdminSelectWidget)

    def as_invitation(self) -> dict[str, Any]:
        """What ``invite_applicant`` takes."""
        data = self.cleaned_data
        contact = Contact(
            name=data["contact_name"],
            email=data["contact_email"],
            phone=data["contact_phone"],
            language=data["language"],
        )
        return {"kind": data["kind"], "name_zh": data["name_zh"], "contact": contact}

    def explain(self, refusal: Any) -> None:
        """Put a refusal beside the fields it speaks of."""
        for name, texts in refusal.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)
        if not refusal.fields:
            self.add_error(None, str(refusal))
