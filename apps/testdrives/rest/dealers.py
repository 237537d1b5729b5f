"""What dealers do with test drives. Another dealer's test drive is not found."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import DEALER_ROLES, OrganizationKind, Scope, current_organization, role_required
from apps.kernel.rest import ErrorSerializer
from apps.testdrives.api import (
    TestDriveStatus,
    check_in,
    complete_test_drive,
    confirm_test_drive,
    list_drives,
    mark_no_show,
)
from apps.testdrives.rest.serializers import DealerTestDriveSerializer, DriveCheckInSerializer, DriveCompleteSerializer

Dealer = role_required(*DEALER_ROLES)
REFUSALS = {
    200: DealerTestDriveSerializer,
    400: ErrorSerializer,
    403: ErrorSerializer,
    404: ErrorSerializer,
    409: ErrorSerializer,
}
STATUS = OpenApiParameter("status", str, enum=TestDriveStatus.values, description="Only test drives in this status.")


class DealerTestDrivesView(ListAPIView):
    """The test drives at the caller's stores."""

    permission_classes = [Dealer]
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TEST_DRIVES_READ}
    serializer_class = DealerTestDriveSerializer

    def get_queryset(self) -> Any:
        """List them in order of time; an unknown status matches nothing."""
        organization = current_organization(self.request, OrganizationKind.DEALER)
        drives = list_drives(organization.pk)
        status = self.request.query_params.get("status")
        return drives.filter(status=status) if status else drives

    @extend_schema(operation_id="dealer_test_drives_list", parameters=[STATUS])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the test drives at the caller's stores."""
        return super().get(request, *args, **kwargs)


class _MoveView(APIView):
    """One step of a test drive, by the caller's dealer."""

    permission_classes = [Dealer]
    scopes: ClassVar[dict[str, str]] = {"POST": Scope.TEST_DRIVES_WRITE}
    service: ClassVar[Any]
    input_class: ClassVar[Any] = None

    def step(self, request: Request, test_drive_id: int) -> Response:
        """Take the step and answer with the test drive."""
        values: dict[str, Any] = {}
        if self.input_class is not None:
            wish = self.input_class(data=request.data)
            wish.is_valid(raise_exception=True)
            values = wish.validated_data
        organization = current_organization(request, OrganizationKind.DEALER)
        drive = type(self).service(
            test_drive_id=test_drive_id,
            organization_id=organization.pk,
            by=request.user,
            now=timezone.now(),
            **values,
        )
        return Response(DealerTestDriveSerializer(drive).data)


def _step(name: str, service: Any, input_class: Any = None) -> type[_MoveView]:
    """Build the view of one step, described in the schema."""

    @extend_schema(operation_id=f"dealer_test_drives_{name.replace('-', '_')}", request=input_class, responses=REFUSALS)
    def post(self: _MoveView, request: Request, test_drive_id: int) -> Response:
        return self.step(request, test_drive_id)

    post.__doc__ = (service.__doc__ or "").strip().splitlines()[0]
    members = {"service": staticmethod(service), "input_class": input_class, "post": post, "__module__": __name__}
    return type(f"Dealer{name.title().replace('-', '')}View", (_MoveView,), members)


ConfirmView = _step("confirm", confirm_test_drive)
CheckInView = _step("check-in", check_in, DriveCheckInSerializer)
CompleteView = _step("complete", complete_test_drive, DriveCompleteSerializer)
NoShowView = _step("no-show", mark_no_show)
