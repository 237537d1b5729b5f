"""Input and output shapes of the supplier's stock API."""

from rest_framework import serializers

MAX_PIECES = 1_000_000


class StockCountSerializer(serializers.Serializer):
    """A count at one site."""

    site = serializers.CharField(max_length=40, help_text="Code of the site.")
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_PIECES)


class StockSerializer(serializers.Serializer):
    """The figures of one product at one site, in pieces."""

    sku = serializers.CharField()
    site = serializers.CharField(source="site_code")
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    allocated = serializers.IntegerField()
    available = serializers.IntegerField()
