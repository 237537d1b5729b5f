"""What goes out of the API of service."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.aftersales.api import Entitlement, EntitlementLine, EntitlementStatus
from apps.kernel.api import Money
from apps.kernel.rest import MoneyField


class EntitlementServiceSerializer(serializers.Serializer[EntitlementLine]):
    """One service of a package. ``held`` is promised to appointments, ``left`` is free to book."""

    id = serializers.IntegerField()
    service = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    redeemed = serializers.IntegerField()
    held = serializers.IntegerField()
    left = serializers.IntegerField()


class EntitlementVehicleSerializer(serializers.Serializer[Any]):
    """The car a package belongs to."""

    id = serializers.IntegerField()
    vin = serializers.CharField(source="masked_vin", help_text="The end of the VIN.")
    title = serializers.CharField()


class EntitlementSerializer(serializers.Serializer[Entitlement]):
    """A package that was paid for. Both days are included; ``km_until`` is the reading up to which it holds."""

    reference = serializers.CharField()
    product_id = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=EntitlementStatus.choices)
    vehicle = EntitlementVehicleSerializer(allow_null=True)
    order_number = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField()
    km_until = serializers.IntegerField(allow_null=True)
    paid = serializers.SerializerMethodField()
    services = EntitlementServiceSerializer(many=True, source="lines.all")

    @extend_schema_field(MoneyField())
    def get_paid(self, entitlement: Entitlement) -> dict[str, str]:
        """Return what was paid for it, tax included."""
        return Money(entitlement.paid, entitlement.currency).as_json()
