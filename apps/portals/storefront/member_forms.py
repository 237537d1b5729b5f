"""What members fill in: cars, reviews, questions, answers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.membership.api import MOST_ANSWER, MOST_PHOTOS, MOST_QUESTION, MOST_TEXT, ReportReason

Choices = Iterable[tuple[str, Sequence[tuple[int, str]]]]


class CarForm(forms.Form):
    """A car by model or by VIN. A guest is asked for nothing that would have to be kept."""

    use_required_attribute = False

    vin = forms.CharField(
        label=_("VIN"),
        required=False,
        max_length=40,
        help_text=_("17 characters, in the driving licence and behind the windscreen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    product_id = forms.TypedChoiceField(
        label=_("Model"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("There is no such car.")},
    )
    nickname = forms.CharField(label=_("What do you call it?"), required=False, max_length=30)
    plate = forms.CharField(
        label=_("Number plate"),
        required=False,
        max_length=16,
        help_text=_("Optional, stored encrypted. Stores recognize your car by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, choices: Choices = (), is_guest: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_id"].choices = [("", _("Choose a model")), *choices]
        if is_guest:
            del self.fields["nickname"], self.fields["plate"]


class CarDetailsForm(forms.Form):
    """What a member calls a car, and its number plate."""

    use_required_attribute = False

    nickname = forms.CharField(label=_("What do you call it?"), required=False, max_length=30)
    plate = forms.CharField(
        label=_("Number plate"),
        required=False,
        max_length=16,
        help_text=_("Optional, stored encrypted. Stores recognize your car by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of uploaded files; what they are is the service's affair."""

    widget = SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the uploaded files; an empty one stays, so that the service can say which it was."""
        rows = data if isinstance(data, list | tuple) else [data]
        return [row for row in rows if row]


class ReviewForm(forms.Form):
    """Stars, words, photos."""

    use_required_attribute = False

    rating = forms.TypedChoiceField(
        label=_("Your rating"),
        coerce=int,
        choices=[(number, number) for number in (5, 4, 3, 2, 1)],
        error_messages={
            "required": _("Please give one to five stars."),
            "invalid_choice": _("Please give one to five stars."),
        },
    )
    text = forms.CharField(
        label=_("Your review"),
        min_length=5,
        max_length=MOST_TEXT,
        help_text=_("How does it fit, what is it like to use? 5 to 2,000 characters."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photos"].help_text = gettext(
            "Up to %(most)s, JPEG, PNG or WebP, 7 MB each. We remove the place and the camera from them."
        ) % {"most": MOST_PHOTOS}


class TextForm(forms.Form):
    """A few words."""

    use_required_attribute = False

    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 3}))


class QuestionForm(TextForm):
    """A question about a product."""

    text = forms.CharField(
        label=_("Your question"),
        min_length=4,
        max_length=MOST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(TextForm):
    """An answer, or a reply to a review."""

    text = forms.CharField(
        label=_("Your answer"), min_length=2, max_length=MOST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReportForm(forms.Form):
    """Why a review should not be here."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=ReportReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
