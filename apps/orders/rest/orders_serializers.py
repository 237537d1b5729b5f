"""What the endpoints of checkout and orders read and write."""

from rest_framework import serializers

from apps.kernel.rest import MoneyField
from apps.orders.rest.fields import PictureField, TextField, WholeNumberField
from apps.orders.states import FulfilmentStatus, Method, OrderStatus, Plan, SellerOrderStatus
from apps.payments.api import PAYERS, PaymentStatus, RefundReason, RefundStatus, Tender


class DeliveryAddressSerializer(serializers.Serializer):
    """Where a delivery goes."""

    name = TextField(allow_blank=True, default="", max_length=200)
    phone = TextField(allow_blank=True, default="", max_length=200)
    province = TextField(allow_blank=True, default="", max_length=200)
    city = TextField(allow_blank=True, default="", max_length=200)
    district = TextField(allow_blank=True, default="", max_length=200)
    line = TextField(allow_blank=True, default="", max_length=500)


class FulfilmentWishSerializer(serializers.Serializer):
    """How the goods reach the buyer: ``delivery`` with an address, or ``pickup`` with a store."""

    method = serializers.ChoiceField(choices=Method.choices)
    address = DeliveryAddressSerializer(required=False, allow_null=True)
    store_id = WholeNumberField(required=False, allow_null=True)


class PaymentWishSerializer(serializers.Serializer):
    """Through whom, and how much at once. An unknown provider or plan is refused by name."""

    provider = TextField(max_length=40)
    plan = serializers.ChoiceField(choices=Plan.choices, default=Plan.FULL)


class CheckoutSerializer(serializers.Serializer):
    """An order, as the buyer wants it. A guest gives ``email`` or ``phone``."""

    email = TextField(required=False, allow_blank=True, allow_null=True, max_length=400)
    phone = TextField(required=False, allow_blank=True, allow_null=True, max_length=100)
    fulfilment = FulfilmentWishSerializer()
    payment = PaymentWishSerializer()
    expected_total = MoneyField(help_text="The total the buyer saw.")
    points = WholeNumberField(required=False, min_value=0, default=0)


class PaymentActionSerializer(serializers.Serializer):
    """What the buyer does to pay."""

    type = serializers.ChoiceField(choices=["redirect", "qr"])
    url = serializers.CharField()


class PaymentSerializer(serializers.Serializer):
    """One payment of an order."""

    id = serializers.CharField(source="number")
    provider = serializers.ChoiceField(choices=PAYERS)
    tender = serializers.ChoiceField(choices=Tender.choices)
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    amount = MoneyField()
    action = PaymentActionSerializer(allow_null=True)
    expires_at = serializers.DateTimeField()


class RefundSerializer(serializers.Serializer):
    """One refund of an order."""

    id = serializers.CharField(source="number")
    payment = serializers.CharField(source="payment_number")
    provider = serializers.ChoiceField(choices=PAYERS)
    status = serializers.ChoiceField(choices=RefundStatus.choices)
    amount = MoneyField()
    reason_code = serializers.ChoiceField(choices=RefundReason.choices)
    reason = serializers.CharField(help_text="The reason in the reader's language.")
    created_at = serializers.DateTimeField()


class OrderOptionSerializer(serializers.Serializer):
    """One option of an ordered car."""

    group = serializers.CharField()
    name = serializers.CharField()
    price = serializers.JSONField(help_text="Money.")


class OrderLineSerializer(serializers.Serializer):
    """One line as it was sold."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    sku = serializers.CharField()
    title = serializers.CharField()
    image = PictureField(help_text="Address of a picture.")
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    discount = MoneyField()
    tax_rate = serializers.CharField()
    tax = MoneyField(help_text="Included in the total.")
    total = MoneyField()
    configuration_id = serializers.CharField(allow_null=True)
    options = OrderOptionSerializer(many=True)
    seller = serializers.CharField()


class TrackingSerializer(serializers.Serializer):
    """Who carries a shipment."""

    carrier = serializers.CharField()
    number = serializers.CharField()


class OrderStoreSerializer(serializers.Serializer):
    """The store that hands over."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    dealer = serializers.CharField()
    city = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()


class FulfilmentPieceSerializer(serializers.Serializer):
    """So many pieces of a line in a fulfilment."""

    line_id = serializers.IntegerField()
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()


class OrderFulfilmentSerializer(serializers.Serializer):
    """One shipment or hand-over as the buyer sees it."""

    id = serializers.IntegerField()
    method = serializers.ChoiceField(choices=Method.choices)
    status = serializers.ChoiceField(choices=FulfilmentStatus.choices)
    site = serializers.CharField(allow_null=True)
    store = OrderStoreSerializer(allow_null=True)
    tracking = TrackingSerializer(allow_null=True)
    vins = serializers.ListField(child=serializers.CharField())
    lines = FulfilmentPieceSerializer(many=True)


class SellerOrderSerializer(serializers.Serializer):
    """The part of one seller."""

    number = serializers.CharField()
    seller = serializers.CharField()
    status = serializers.ChoiceField(choices=SellerOrderStatus.choices)
    total = MoneyField()
    freight = MoneyField()
    fulfilments = OrderFulfilmentSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer):
    """Something that happened, in the reader's language."""

    at = serializers.DateTimeField()
    code = serializers.CharField()
    text = serializers.CharField()


class OrderSerializer(serializers.Serializer):
    """An order as its buyer sees it."""

    number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    plan = serializers.ChoiceField(choices=Plan.choices)
    method = serializers.ChoiceField(choices=Method.choices)
    created_at = serializers.DateTimeField()
    placed_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    total = MoneyField()
    deposit = MoneyField()
    paid = MoneyField()
    refunded = MoneyField()
    balance_due = MoneyField()
    balance_due_at = serializers.DateTimeField(
        allow_null=True, help_text="A called balance that is not paid by then releases the order."
    )
    subtotal = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    tax = MoneyField(help_text="Included in the total.")
    contact = serializers.DictField(child=serializers.CharField())
    address = DeliveryAddressSerializer(allow_null=True)
    store = OrderStoreSerializer(allow_null=True)
    lines = OrderLineSerializer(many=True)
    seller_orders = SellerOrderSerializer(many=True)
    payments = PaymentSerializer(many=True)
    refunds = RefundSerializer(many=True)
    timeline = TimelineEntrySerializer(many=True)


class CheckoutResultSerializer(serializers.Serializer):
    """The order, its token (shown once), and how to pay."""

    order = OrderSerializer()
    order_token = serializers.CharField()
    payment = PaymentSerializer()


class CancelSerializer(serializers.Serializer):
    """Why an order is called off."""

    reason = TextField(allow_blank=True, default="", max_length=1000)


class PaySerializer(serializers.Serializer):
    """Through whom to pay which part."""

    provider = TextField(max_length=40)
    tender = serializers.ChoiceField(choices=["full", "balance"])
