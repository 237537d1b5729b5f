"""What goes in and out of the API of financing."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.financing.states import Repayment
from apps.kernel.rest import MoneyField

# As much as a product may be sold for, and more months than anybody lends over.
MOST_YUAN = Decimal("99999999.99")
MOST_MONTHS = 600


class PlansQuerySerializer(serializers.Serializer[Any]):
    """A price, what is paid down of it, and over how many months the rest is paid."""

    price = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal(1), max_value=MOST_YUAN)
    down_payment = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal(0))
    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS)


class QuoteRequestSerializer(serializers.Serializer[Any]):
    """
    One of our products by its code, or terms of one's own, for instance another bank's offer.

    Rates and shares are shares of one: ``0.0399`` is 3.99 %.
    """

    price = MoneyField(currency="CNY", min_value=Decimal(0))
    down_payment = MoneyField(currency="CNY", min_value=Decimal(0))
    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS)
    product = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    repayment = serializers.ChoiceField(choices=Repayment.choices, default=Repayment.EQUAL_INSTALMENT)
    yearly_rate = serializers.DecimalField(max_digits=10, decimal_places=5, required=False)
    fee_rate = serializers.DecimalField(max_digits=10, decimal_places=5, default=Decimal(0))
    balloon_share = serializers.DecimalField(max_digits=10, decimal_places=5, default=Decimal(0))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for a rate where no product brings one."""
        if not attrs["product"] and "yearly_rate" not in attrs:
            raise serializers.ValidationError({"yearly_rate": self.fields["yearly_rate"].error_messages["required"]})
        return attrs


class InstalmentPlanSerializer(serializers.Serializer[Any]):
    """What is paid when, and what that costs a year: the internal rate of return × 12, and compounded, in percent."""

    financed = MoneyField()
    monthly = MoneyField()
    last = MoneyField()
    balloon = MoneyField()
    fee = MoneyField()
    interest = MoneyField()
    cost = MoneyField()
    yearly_percentage = serializers.SerializerMethodField()
    effective_percentage = serializers.SerializerMethodField()
    payments = serializers.ListField(child=MoneyField())

    def get_yearly_percentage(self, plan: Any) -> str:
        """E.g. ``12.80``."""
        return f"{plan.yearly.nominal * 100:.2f}"

    def get_effective_percentage(self, plan: Any) -> str:
        """E.g. ``13.58``."""
        return f"{plan.yearly.effective * 100:.2f}"


class OfferedPlanSerializer(serializers.Serializer[Any]):
    """One product on the terms asked for: its plan, or why there is none."""

    product = serializers.CharField()
    name = serializers.CharField()
    lender = serializers.CharField()
    repayment = serializers.ChoiceField(choices=Repayment.choices)
    months = serializers.ListField(child=serializers.IntegerField())
    plan = InstalmentPlanSerializer(allow_null=True)
    refusal = serializers.DictField(allow_null=True)
