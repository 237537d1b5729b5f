"""What people do with test drives: look for a time, book, read, move, cancel."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.dealers.api import get_store
from apps.kernel.rest import ErrorSerializer, idempotent
from apps.testdrives.api import (
    DAYS_SHOWN,
    Licence,
    Place,
    access_own_drive,
    book_test_drive,
    cancel_own_test_drive,
    list_own_drives,
    list_slots,
    move_own_test_drive,
)
from apps.testdrives.rest.serializers import (
    DriveBookingSerializer,
    DriveCancelSerializer,
    DriveMoveSerializer,
    DriveSlotSerializer,
    SlotQuerySerializer,
    TestDriveSerializer,
)

IDEMPOTENCY_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer, 422: ErrorSerializer}


class SlotsView(APIView):
    """When cars can be tried."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="test_drives_slots_list",
        parameters=[SlotQuerySerializer],
        responses={200: DriveSlotSerializer(many=True), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """List the slots of a store's demonstration cars for a car: of one day by its calendar, or two weeks."""
        asked = SlotQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        store = get_store(asked.validated_data["store_id"])
        today = now.astimezone(ZoneInfo(store.time_zone)).date()
        day = asked.validated_data.get("date")
        # A day that nobody can book has no slots; it need not be worked out.
        is_near = day is None or today - timedelta(days=1) <= day <= today + timedelta(days=400)
        slots = (
            list_slots(
                product_id=asked.validated_data["product_id"],
                store_id=store.pk,
                first_day=day or today,
                days=1 if day else DAYS_SHOWN,
                now=now,
            )
            if is_near
            else []
        )
        return Response(DriveSlotSerializer(slots, many=True).data)


class TestDrivesView(ListAPIView):
    """The test drives of the signed-in user."""

    __test__ = False
    permission_classes = [IsAuthenticated]
    serializer_class = TestDriveSerializer

    def get_queryset(self) -> Any:
        """List one's own, the latest appointment first."""
        return list_own_drives(self.request.user)

    @extend_schema(operation_id="test_drives_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List one's own test drives, the latest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="test_drives_create",
        parameters=[IDEMPOTENCY_KEY],
        request=DriveBookingSerializer,
        responses={201: TestDriveSerializer, **REFUSALS},
    )
    @idempotent(scope="test_drives")
    def post(self, request: Request) -> Response:
        """Book a demonstration car."""
        wish = DriveBookingSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        values = wish.validated_data
        licence = values["licence"]
        drive = book_test_drive(
            product_id=values["product_id"],
            store_id=values["store_id"],
            starts_at=values["starts_at"],
            resource_id=values.get("resource_id"),
            licence=Licence(
                licence_class=licence["class"], expires_on=licence["expires_on"], born_on=licence.get("born_on")
            ),
            agrees=values["agree"],
            place=Place(values["place"]),
            address=values["address"],
            member=request.user,
            language=get_language() or "zh-hans",
            now=timezone.now(),
        )
        return Response(TestDriveSerializer(drive).data, status=status.HTTP_201_CREATED)


class TestDriveView(APIView):
    """One test drive of the signed-in user."""

    __test__ = False
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="test_drives_retrieve", responses={200: TestDriveSerializer, 404: ErrorSerializer})
    def get(self, request: Request, test_drive_id: int) -> Response:
        """Read one's own test drive."""
        return Response(TestDriveSerializer(access_own_drive(member=request.user, test_drive_id=test_drive_id)).data)


class TestDriveCancelView(APIView):
    """Cancelling one's own test drive."""

    __test__ = False
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="test_drives_cancel",
        request=DriveCancelSerializer,
        responses={200: TestDriveSerializer, **REFUSALS},
    )
    def post(self, request: Request, test_drive_id: int) -> Response:
        """Cancel one's own test drive."""
        wish = DriveCancelSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        drive = cancel_own_test_drive(
            test_drive_id=test_drive_id, member=request.user, now=timezone.now(), **wish.validated_data
        )
        return Response(TestDriveSerializer(drive).data)


class TestDriveMoveView(APIView):
    """Moving one's own test drive."""

    __test__ = False
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="test_drives_move",
        parameters=[IDEMPOTENCY_KEY],
        request=DriveMoveSerializer,
        responses={200: TestDriveSerializer, **REFUSALS},
    )
    @idempotent(scope="test_drives")
    def post(self, request: Request, test_drive_id: int) -> Response:
        """Move one's own test drive to another slot."""
        wish = DriveMoveSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        own = access_own_drive(member=request.user, test_drive_id=test_drive_id)
        starts_at: datetime = wish.validated_data["starts_at"]
        drive = move_own_test_drive(
            reference=own.reference, starts_at=starts_at, member=request.user, now=timezone.now()
        )
        return Response(TestDriveSerializer(drive).data)
