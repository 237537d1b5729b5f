"""What the dealer's and the supplier's endpoints read and write."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.api import mask_phone
from apps.kernel.api import in_language
from apps.orders.api import Answer
from apps.orders.models import Fulfilment
from apps.orders.rest.fields import TextField
from apps.orders.rest.orders_serializers import TrackingSerializer
from apps.orders.selectors.orders import tracking_of
from apps.orders.states import FulfilmentStatus, Method, Reason, Result


class FulfilmentTaskLineSerializer(serializers.Serializer):
    """So many pieces to hand over, and the vehicles assigned to them."""

    line_id = serializers.IntegerField(source="item_id")
    product_id = serializers.IntegerField(source="item.product_id", allow_null=True)
    sku = serializers.CharField(source="item.sku")
    title = serializers.CharField(source="item.title")
    kind = serializers.CharField(source="item.kind")
    quantity = serializers.IntegerField()
    vins = serializers.SerializerMethodField()

    def get_vins(self, line: Any) -> list[str]:
        """List the vehicles assigned to the pieces."""
        return [vehicle.vin for vehicle in line.vehicles.all() if vehicle.released_at is None]


class FulfilmentPlaceSerializer(serializers.Serializer):
    """The store that hands over."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    dealer = serializers.CharField(source="dealer.name")
    address = serializers.CharField()
    phone = serializers.CharField()


class RecipientSerializer(serializers.Serializer):
    """Where a delivery goes; the phone is masked at a store, where the buyer comes by itself."""

    name = serializers.CharField()
    phone = serializers.CharField()
    province = serializers.CharField()
    city = serializers.CharField()
    district = serializers.CharField()
    line = serializers.CharField()


class FulfilmentTaskSerializer(serializers.Serializer):
    """One fulfilment as those who carry it out see it."""

    id = serializers.IntegerField()
    order_number = serializers.CharField(source="order.number")
    seller_order = serializers.CharField(source="seller_order.number")
    seller = serializers.SerializerMethodField()
    method = serializers.ChoiceField(choices=Method.choices)
    status = serializers.ChoiceField(choices=FulfilmentStatus.choices)
    site = serializers.CharField(source="site.code", allow_null=True)
    store = FulfilmentPlaceSerializer(allow_null=True)
    recipient = serializers.SerializerMethodField()
    tracking = serializers.SerializerMethodField()
    is_paid = serializers.SerializerMethodField()
    attention = serializers.ChoiceField(choices=Reason.choices)
    created_at = serializers.DateTimeField()
    sla_due_at = serializers.DateTimeField(allow_null=True)
    next_due_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    lines = FulfilmentTaskLineSerializer(many=True)

    def get_seller(self, fulfilment: Fulfilment) -> str:
        """Return who sells, in the reader's language."""
        seller = fulfilment.seller_order.seller
        return in_language(seller.name_zh, seller.name_en)

    @extend_schema_field(RecipientSerializer)
    def get_recipient(self, fulfilment: Fulfilment) -> dict[str, str]:
        """Return where the goods go."""
        order = fulfilment.order
        is_delivery = fulfilment.method == Method.DELIVERY
        return {
            "name": order.recipient_name,
            "phone": order.recipient_phone if is_delivery else mask_phone(order.phone),
            "province": order.province,
            "city": order.city,
            "district": order.district,
            "line": order.address_line,
        }

    @extend_schema_field(TrackingSerializer(allow_null=True))
    def get_tracking(self, fulfilment: Fulfilment) -> dict[str, str] | None:
        """Return who carries it, once it is shipped."""
        return tracking_of(fulfilment)

    def get_is_paid(self, fulfilment: Fulfilment) -> bool:
        """Tell whether the order is paid in full: before that nothing is handed over."""
        return not fulfilment.order.balance_due


class RejectSerializer(serializers.Serializer):
    """Why a fulfilment is declined."""

    reason = TextField(allow_blank=True, default="", max_length=1000)


class ArriveSerializer(serializers.Serializer):
    """What came."""

    vin = TextField(
        allow_blank=True, default="", max_length=40, help_text="As read off the car; another order's is refused."
    )


class HandOverSerializer(serializers.Serializer):
    """The code the buyer shows."""

    code = TextField(max_length=40)


class ShipSerializer(serializers.Serializer):
    """Who carries it."""

    carrier = TextField(allow_blank=True, default="", max_length=200)
    tracking_number = TextField(allow_blank=True, default="", max_length=200)


class InspectionAnswerSerializer(serializers.Serializer):
    """One item of the checklist as the dealer's system found it."""

    code = TextField(max_length=40)
    result = serializers.ChoiceField(choices=Result.choices)
    note = TextField(allow_blank=True, default="", max_length=300, help_text="What is wrong; required for a fault.")
    repair_note = TextField(
        allow_blank=True, default="", max_length=300, help_text="How it was repaired; a fault without it blocks."
    )
    vin = TextField(allow_blank=True, default="", max_length=17, help_text="Which car; left out: each of them.")


class InspectionReportSerializer(serializers.Serializer):
    """
    The inspection before delivery. Without ``items`` the caller attests that every item of the checklist is in order.
    """

    items = InspectionAnswerSerializer(many=True, required=False, default=list, max_length=500)
    signed_name = TextField(allow_blank=True, default="", max_length=60)

    def validate_items(self, rows: list[dict[str, str]]) -> list[Answer]:
        """Return the answers as the service takes them."""
        return [Answer(**row) for row in rows]
