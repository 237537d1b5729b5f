"""What the cart's endpoints read and write."""

from rest_framework import serializers

from apps.kernel.rest import MoneyField
from apps.orders.rest.fields import PictureField, TextField, WholeNumberField


class CartOptionSerializer(serializers.Serializer):
    """One option of a configured car."""

    group_zh = serializers.CharField()
    group_en = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    price = MoneyField()


class CartLineSerializer(serializers.Serializer):
    """One line of a cart; ``available`` tells whether all its pieces could be promised now."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    kind = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    image = PictureField(help_text="Address of a picture.")
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    list_price = MoneyField(allow_null=True)
    discount = MoneyField()
    total = MoneyField()
    available = serializers.BooleanField()
    problem = serializers.CharField(help_text="Why the line cannot be sold now, if so.")
    configuration_id = serializers.UUIDField(allow_null=True)
    vehicle_id = serializers.IntegerField(allow_null=True)
    options = CartOptionSerializer(many=True, source="option_summary")


class CartVoucherSerializer(serializers.Serializer):
    """A voucher in a cart and what it takes off."""

    code = serializers.CharField()
    name = serializers.CharField()
    discount = MoneyField()


class CartSerializer(serializers.Serializer):
    """A cart; ``shipping`` and ``total`` are those of home delivery, ``pickup_total`` is without it."""

    id = serializers.IntegerField(allow_null=True)
    lines = CartLineSerializer(many=True)
    vouchers = CartVoucherSerializer(many=True)
    subtotal = MoneyField()
    discount = MoneyField()
    shipping = MoneyField()
    total = MoneyField()
    pickup_total = MoneyField()


class NewCartLineSerializer(serializers.Serializer):
    """What to put into the cart."""

    product_id = WholeNumberField()
    quantity = WholeNumberField(default=1)
    configuration_id = serializers.UUIDField(required=False, allow_null=True)
    vehicle_id = WholeNumberField(required=False, allow_null=True)


class CartLineChangeSerializer(serializers.Serializer):
    """How many pieces a line shall hold."""

    quantity = WholeNumberField()


class VoucherCodeSerializer(serializers.Serializer):
    """A voucher to enter."""

    code = TextField(max_length=200)
