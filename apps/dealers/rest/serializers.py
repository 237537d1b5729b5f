"""Input and output shapes of the store list."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.dealers.models import Store
from apps.dealers.states import StoreService

HALF_THE_EARTH_KM = 20_038


@extend_schema_field(
    {"type": "string", "pattern": r"^-?[0-9]{1,2}(\.[0-9]+)?,-?[0-9]{1,3}(\.[0-9]+)?$", "example": "31.2304,121.4737"}
)
class PositionField(serializers.Field):
    """``31.2304,121.4737`` ↔ (degrees north, degrees east)."""

    default_error_messages = {"position": _("Give latitude and longitude in degrees, like 31.2304,121.4737.")}

    def to_internal_value(self, data: Any) -> tuple[float, float]:
        """Return the two numbers, or refuse what is no place on Earth."""
        parts = str(data).split(",")
        try:
            latitude, longitude = (float(part) for part in parts)
        except ValueError:
            self.fail("position")
        # A comparison with NaN is never true, so that NaN is refused as well.
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            self.fail("position")
        return latitude, longitude

    def to_representation(self, value: tuple[float, float]) -> str:
        """Return the text."""
        return f"{value[0]},{value[1]}"


class StoreQuerySerializer(serializers.Serializer):
    """What kind of store is looked for, and where."""

    near = PositionField(required=False, help_text="Latitude,longitude in degrees (WGS 84): the nearest store first.")
    service = serializers.ChoiceField(choices=StoreService.values, required=False)
    city = serializers.CharField(
        required=False, max_length=60, help_text="Name in Chinese or English, or six-digit region code."
    )
    radius_km = serializers.FloatField(
        required=False, min_value=0.1, max_value=HALF_THE_EARTH_KM, help_text="Only stores so near; needs near."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a radius around nowhere."""
        if "radius_km" in attrs and "near" not in attrs:
            raise serializers.ValidationError({"near": [_("A radius needs a place.")]})
        return attrs


class StoreDealerSerializer(serializers.Serializer):
    """Whose store it is."""

    code = serializers.CharField()
    name = serializers.CharField()


class LocationSerializer(serializers.Serializer):
    """A place on Earth, in degrees (WGS 84)."""

    lat = serializers.FloatField(source="latitude")
    lng = serializers.FloatField(source="longitude")


class StoreSerializer(serializers.Serializer):
    """A store, in the reader's language."""

    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    dealer = StoreDealerSerializer()
    name = serializers.CharField()
    city = serializers.CharField(source="city_name")
    address = serializers.CharField()
    phone = serializers.CharField()
    location = LocationSerializer(source="*")
    distance_km = serializers.SerializerMethodField()
    services = serializers.ListField(child=serializers.CharField())
    opening_hours = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField())),
        help_text='Spans by day, local time: {"mon": [["09:00", "18:00"]], …}; a day left out is a day of rest.',
    )
    time_zone = serializers.CharField()

    def get_distance_km(self, store: Store) -> float | None:
        """Kilometers from the asked place to ten meters, null without one."""
        distance = store.distance_km
        return None if distance is None else round(distance, 2)
