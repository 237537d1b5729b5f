"""What customers and agents fill in. The services check it again and say so beside the field."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dealers.api import Store
from apps.leads.api import CONSENT
from apps.support.api import Topic

FILES = ".jpg,.jpeg,.png,.pdf"


class SayForm(forms.Form):
    """Words, a file, and the sender's own number for them."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Your message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000, "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Picture or PDF"), required=False, widget=forms.ClearableFileInput(attrs={"accept": FILES})
    )
    sent_as = forms.UUIDField(widget=forms.HiddenInput)


class BeginForm(SayForm):
    """What it is about, what somebody wants to know, and how to address them. Two fields; the rest is optional."""

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Topic.choices, initial=Topic.SALES)
    store = forms.TypedChoiceField(
        label=_("With whom"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("This store is not available. Please choose another one.")},
    )
    product = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    order = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    field_order = ("topic", "store", "text")

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What would you like to know?")
        self.fields["text"].widget.attrs["rows"] = 4
        cities: dict[str, list[tuple[int, str]]] = {}
        for store in stores:
            cities.setdefault(store.city_name, []).append((store.pk, store.name))
        self.fields["store"].choices = [("", _("Xingchi customer service")), *cities.items()]


class ContactForm(forms.Form):
    """How somebody can be reached later."""

    use_required_attribute = False

    contact = forms.CharField(
        label=_("E-mail address or mobile phone"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        help_text=_("Optional."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class RatingForm(forms.Form):
    """How the conversation was."""

    use_required_attribute = False

    stars = forms.TypedChoiceField(
        label=_("How was the conversation?"),
        coerce=int,
        choices=[("", _("Please choose")), ("5", "★★★★★"), ("4", "★★★★"), ("3", "★★★"), ("2", "★★"), ("1", "★")],
        error_messages={"required": _("Please give one to five stars.")},
    )
    comment = forms.CharField(
        label=_("Anything to add?"),
        max_length=500,
        required=False,
        help_text=_("Optional."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LeadForm(forms.Form):
    """Whom the store calls, and that they agreed to it."""

    use_required_attribute = False

    name = forms.CharField(label=_("Customer's name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Mobile phone"), max_length=32, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    consent = forms.BooleanField(
        label=_("The customer agreed in this conversation to the words below"), required=False, help_text=CONSENT
    )

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(store.pk, store.name) for store in stores]


class AgentForm(forms.Form):
    """What an agent answers."""

    use_required_attribute = False

    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    stores = forms.TypedMultipleChoiceField(
        label=_("Stores"),
        coerce=int,
        required=False,
        help_text=_("None chosen: all of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    most_open = forms.IntegerField(label=_("Conversations at once"), min_value=1, max_value=50)

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stores"].choices = [(store.pk, store.name) for store in stores]


class ReplyForm(forms.Form):
    """A prepared reply."""

    use_required_attribute = False

    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[("", _("Every topic")), *Topic.choices])
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=60, required=False)
    text_zh = forms.CharField(
        label=_("Text in Chinese"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=60, required=False)
    text_en = forms.CharField(
        label=_("Text in English"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
