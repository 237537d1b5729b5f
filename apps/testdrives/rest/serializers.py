"""What goes in and out of the API of test drives."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.scheduling.api import Slot
from apps.testdrives.api import Outcome, Place, TestDrive, TestDriveStatus

MOST_ID = 2**63 - 1
TEXT = {"type": "string"}
LICENCE = {"type": "object", "properties": {"class": TEXT, "expires_on": {**TEXT, "format": "date"}}}


class DriveSlotSerializer(serializers.Serializer[Slot]):
    """One time at which one car can be driven."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    resource_id = serializers.IntegerField()
    free = serializers.BooleanField(source="is_free")


class SlotQuerySerializer(serializers.Serializer[Any]):
    """Which slots are asked for."""

    product_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    store_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    date = serializers.DateField(required=False)


class LicenceSerializer(serializers.Serializer[Any]):
    """A driving licence. ``born_on`` is checked and not kept."""

    expires_on = serializers.DateField()
    born_on = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add ``class``, which is no name in Python."""
        return {"class": serializers.CharField(max_length=8), **super().get_fields()}


class DriveBookingSerializer(serializers.Serializer[Any]):
    """A test drive to book."""

    product_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    store_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    starts_at = serializers.DateTimeField()
    resource_id = serializers.IntegerField(min_value=1, max_value=MOST_ID, required=False, allow_null=True)
    licence = LicenceSerializer()
    agree = serializers.BooleanField()
    place = serializers.ChoiceField(choices=Place.choices, default=Place.STORE)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DriveMoveSerializer(serializers.Serializer[Any]):
    """When it shall be instead."""

    starts_at = serializers.DateTimeField()


class DriveCancelSerializer(serializers.Serializer[Any]):
    """Why, if one likes to say."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DriveCheckInSerializer(serializers.Serializer[Any]):
    """How the car leaves."""

    kilometres_out = serializers.IntegerField(min_value=0, max_value=2_000_000, required=False, allow_null=True)
    route = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class DriveCompleteSerializer(serializers.Serializer[Any]):
    """How it went."""

    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, allow_blank=True, default="")
    kilometres_in = serializers.IntegerField(min_value=0, max_value=2_000_000, required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DriveStoreSerializer(serializers.Serializer[Any]):
    """The store as a test drive shows it."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    city = serializers.CharField(source="city_name")
    address = serializers.CharField()
    time_zone = serializers.CharField()


class TestDriveSerializer(serializers.Serializer[TestDrive]):
    """A test drive as its driver sees it. Times are the store's."""

    __test__ = False

    id = serializers.IntegerField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=TestDriveStatus.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    store = DriveStoreSerializer()
    product_id = serializers.IntegerField()
    resource_id = serializers.IntegerField(source="booking.resource_id")
    place = serializers.ChoiceField(choices=Place.choices)


class DealerTestDriveSerializer(TestDriveSerializer):
    """A test drive as the store sees it."""

    vin = serializers.CharField(source="demo_car.vin")
    car = serializers.SerializerMethodField()
    driver = serializers.CharField(source="driver_name")
    phone = serializers.CharField(source="masked_phone")
    licence = serializers.SerializerMethodField()
    lead_id = serializers.IntegerField(allow_null=True)
    outcome = serializers.CharField()

    @extend_schema_field(serializers.CharField())
    def get_car(self, drive: TestDrive) -> str:
        """Return the car's name in the reader's language."""
        return str(drive.product.info.title)

    @extend_schema_field(
        {"type": "object", "properties": {"class": {"type": "string"}, "expires_on": {"type": "string"}}}
    )
    def get_licence(self, drive: TestDrive) -> dict[str, str]:
        """Return what the driver said of the licence; the store looks at it."""
        return {"class": drive.licence_class, "expires_on": drive.licence_expires_on.isoformat()}
