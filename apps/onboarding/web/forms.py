"""What applicants fill in. The services check everything; forms carry words, labels and what the services said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import FileRefused
from apps.onboarding.models import Application, RequirementType
from apps.onboarding.states import RequirementInput

FILES = "image/jpeg,image/png,application/pdf"


def _date(**attributes: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})


class ApplicantForm(forms.Form):
    """A form that says "required" itself, beside its fields, and keeps what was typed."""

    use_required_attribute = False

    def explain(self, refusal: Any) -> None:
        """Put a service's refusal beside the fields it speaks of; what has no field goes to the top."""
        named = {name: texts for name, texts in refusal.fields.items() if name in self.fields}
        for name, texts in named.items():
            for text in texts:
                self.add_error(name, text)
        if not named:
            about_file = isinstance(refusal, FileRefused) and "file" in self.fields
            self.add_error("file" if about_file else None, str(refusal))


class StartForm(ApplicantForm):
    """The company, and whom we talk to."""

    name_zh = forms.CharField(
        label=_("Company name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=_("As on the business licence."),
    )  # fmt: skip
    contact_name = forms.CharField(
        label=_("Your name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact_email = forms.CharField(
        label=_("Work e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The link back into your application goes here. Later it is your sign-in."),
    )
    contact_phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=32,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
    )
    agree = forms.BooleanField(
        label=_("I agree that Xingchi uses these details to handle this application."),
        error_messages={"required": _("Please agree, or we cannot handle the application.")},
    )


class ResumeForm(ApplicantForm):
    """The address the link went to."""

    email = forms.EmailField(label=_("Work e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class CompanyForm(ApplicantForm):
    """What the company is called, where it is, what it does."""

    name_zh = forms.CharField(label=_("Company name"), max_length=120, required=False)
    name_en = forms.CharField(
        label=_("Name in English"), max_length=120, required=False, help_text=_("If there is one.")
    )
    region = forms.CharField(
        label=_("Province and city"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Street and number"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    business = forms.CharField(
        label=_("What you do"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @classmethod
    def of(cls, application: Application, data: Any = None) -> "CompanyForm":
        """The form as the applicant left it: what was typed last, else what is known."""
        known = {name: getattr(application, name) for name in cls.base_fields}
        return cls(data, prefix="company", initial={**known, **typed(application, "company")})


class TaxNumberForm(ApplicantForm):
    """A unified social credit code."""

    number = forms.CharField(
        label=_("Unified social credit code"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip


class PaperForm(ApplicantForm):
    """A file, and what is written on it as far as the requirement asks."""

    number = forms.CharField(label=_("Number of the certificate"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120, required=False)
    valid_until = forms.DateField(
        label=_("Last day"), required=False, widget=_date(), help_text=_("Leave empty if it does not run out."),
        error_messages={"invalid": _("Please give a date like 2027-06-30.")},
    )  # fmt: skip
    file = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": FILES}),
        help_text=_("A JPEG or PNG picture or a PDF, at most 10 MB."),
        error_messages={"empty": _("This file is empty.")},
    )  # fmt: skip

    def __init__(self, *args: Any, requirement: RequirementType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            "number": requirement.asks_number,
            "issuer": requirement.asks_issuer,
            "valid_until": requirement.has_last_day,
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]


class BankForm(ApplicantForm):
    """The account that statements are paid to."""

    holder = forms.CharField(label=_("Account holder"), max_length=120, required=False)
    bank = forms.CharField(label=_("Bank and branch"), max_length=120, required=False)
    account = forms.CharField(
        label=_("Account number"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class ContractForm(ApplicantForm):
    """Who signs."""

    signer_name = forms.CharField(
        label=_("Your name"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    signer_title = forms.CharField(label=_("Your position"), max_length=60, required=False)
    agree = forms.BooleanField(
        label=_("I have read the contract and sign it for my company; I am entitled to do so."), required=False
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)


def form_for(
    requirement: RequirementType, application: Application, data: Any = None, files: Any = None
) -> ApplicantForm:
    """The form that one requirement is handed in by, as the applicant left it."""
    prefix, initial = requirement.code, typed(application, requirement.code)
    if requirement.input == RequirementInput.TAX_NUMBER:
        return TaxNumberForm(data, prefix=prefix, initial={"number": application.uscc, **initial})
    if requirement.input == RequirementInput.PAPER:
        return PaperForm(data, files, prefix=prefix, initial=initial, requirement=requirement)
    if requirement.input == RequirementInput.BANK_ACCOUNT:
        return BankForm(data, prefix=prefix, initial={"holder": application.name_zh, **initial})
    return ContractForm(data, prefix=prefix, initial={"signer_name": application.contact_name, **initial})


def typed(application: Application, section: str) -> dict[str, str]:
    """What was typed into a section and not handed in yet."""
    start = f"{section}."
    return {key.removeprefix(start): text for key, text in application.draft.items() if key.startswith(start)}
