"""What the tables share: names in two languages, codes of regions, and texts a range index can compare."""

from django.contrib.postgres.fields import BigIntegerRangeField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from apps.dealers.policies import are_opening_hours, are_spans

is_region_code = RegexValidator(r"^[0-9]{6}$", _("A region code has six digits."))


def validate_opening_hours(value: object) -> None:
    """
    Refuse opening hours of another shape.

    :raises ValidationError: if ``value`` is not ``{"mon": [["09:00", "18:00"]], …}``
    """
    if not are_opening_hours(value):
        raise ValidationError(_('Give opening hours as {"mon": [["09:00", "18:00"]], …}.'))


def validate_spans(value: object) -> None:
    """
    Refuse the opening hours of one day in another shape.

    :raises ValidationError: if ``value`` is not ``[["09:00", "12:00"], …]``
    """
    if not are_spans(value):
        raise ValidationError(_('Give the hours of a day as [["09:00", "12:00"], …], or [] for a day of rest.'))


def same_number(field: str) -> Func:
    """Make a number comparable by = inside GiST without an extension: a range of one."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def same_text(field: str) -> Func:
    """Make a text comparable by = inside GiST without an extension: a range of one hash."""
    digest = Func(F(field), function="hashtext")
    return Func(digest, digest, Value("[]"), function="int8range")


def region_span(field: str = "region_code") -> Func:
    """
    Return the codes a region holds as a range: 310000 → [310000, 320000), 000000 → everything.

    Two regions overlap exactly if these ranges do. The function is made by migration 0003.
    """
    return Func(F(field), function="dealers_region_span", output_field=BigIntegerRangeField())
