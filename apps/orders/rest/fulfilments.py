"""What dealers and suppliers do with fulfilments. Another organization's fulfilment is not found."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import DEALER_ROLES, SUPPLIER_ROLES, OrganizationKind, Scope, current_organization, role_required
from apps.kernel.rest import ErrorSerializer
from apps.orders.api import (
    FulfilmentStatus,
    accept_fulfilment,
    hand_over,
    list_fulfilments,
    mark_arrived,
    mark_ready,
    pass_pdi,
    reject_fulfilment,
    ship_fulfilment,
)
from apps.orders.rest.fulfilments_serializers import (
    ArriveSerializer,
    FulfilmentTaskSerializer,
    HandOverSerializer,
    InspectionReportSerializer,
    RejectSerializer,
    ShipSerializer,
)
from apps.orders.rest.visitor import VisitorView

REFUSALS = {
    200: FulfilmentTaskSerializer,
    400: ErrorSerializer,
    403: ErrorSerializer,
    404: ErrorSerializer,
    409: ErrorSerializer,
    422: ErrorSerializer,
}
STATUS = OpenApiParameter("status", str, enum=FulfilmentStatus.values, description="Only fulfilments in this status.")
Dealer = role_required(*DEALER_ROLES)
Supplier = role_required(*SUPPLIER_ROLES)


class _ListView(ListAPIView):
    """The fulfilments of the caller's organization."""

    organization_kind: ClassVar[OrganizationKind]
    scopes: ClassVar[dict[str, Scope]] = {"GET": Scope.FULFILMENTS_READ}
    serializer_class = FulfilmentTaskSerializer

    def get_queryset(self) -> Any:
        """List them, newest first; an unknown status matches nothing."""
        organization = current_organization(self.request, self.organization_kind)
        fulfilments = list_fulfilments(organization.pk)
        status = self.request.query_params.get("status")
        return fulfilments.filter(status=status) if status else fulfilments


class DealerFulfilmentsView(_ListView):
    """The fulfilments of the caller's dealer."""

    permission_classes = [Dealer]
    organization_kind = OrganizationKind.DEALER

    @extend_schema(operation_id="dealer_fulfilments_list", parameters=[STATUS])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what the caller's stores hand over or ship."""
        return super().get(request, *args, **kwargs)


class SupplierFulfilmentsView(_ListView):
    """The fulfilments of the caller's supplier."""

    permission_classes = [Supplier]
    organization_kind = OrganizationKind.SUPPLIER

    @extend_schema(operation_id="supplier_fulfilments_list", parameters=[STATUS])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List what leaves the caller's sites."""
        return super().get(request, *args, **kwargs)


class _ActionView(VisitorView):
    """One move of a fulfilment by the caller's organization."""

    organization_kind: ClassVar[OrganizationKind]
    service: ClassVar[Any]
    scopes: ClassVar[dict[str, Scope]] = {"POST": Scope.FULFILMENTS_WRITE}
    input_class: ClassVar[Any] = None

    def act(self, request: Request, fulfilment_id: int) -> Response:
        """Make the move and answer with the fulfilment."""
        values: dict[str, Any] = {}
        if self.input_class is not None:
            wish = self.input_class(data=request.data)
            wish.is_valid(raise_exception=True)
            values = wish.validated_data
        organization = current_organization(request, self.organization_kind)
        type(self).service(
            fulfilment_id=fulfilment_id, organization_id=organization.pk, by=request.user, now=timezone.now(), **values
        )
        # A rejected fulfilment may have gone to another organization: then there is nothing left to show.
        shown = list_fulfilments(organization.pk).filter(pk=fulfilment_id).first()
        return Response(FulfilmentTaskSerializer(shown).data if shown else {"id": fulfilment_id, "status": "REROUTED"})


def _action(side: str, name: str, service: Any, input_class: Any = None, **attributes: Any) -> type[_ActionView]:
    """Build the view of one move for one side, described in the schema."""
    is_dealer = side == "dealer"
    operation = f"{side}_fulfilments_{name.replace('-', '_')}"

    @extend_schema(operation_id=operation, request=input_class, responses=REFUSALS)
    def post(self: _ActionView, request: Request, fulfilment_id: int) -> Response:
        return self.act(request, fulfilment_id)

    post.__doc__ = (service.__doc__ or "").strip().splitlines()[0]
    return type(
        f"{side.title()}{name.title().replace('-', '')}View",
        (_ActionView,),
        {
            "permission_classes": [Dealer if is_dealer else Supplier],
            "organization_kind": OrganizationKind.DEALER if is_dealer else OrganizationKind.SUPPLIER,
            "service": staticmethod(service),
            "input_class": input_class,
            "post": post,
            **attributes,
        },
    )


DealerAcceptView = _action("dealer", "accept", accept_fulfilment)
DealerRejectView = _action("dealer", "reject", reject_fulfilment, RejectSerializer)
DealerArriveView = _action("dealer", "arrive", mark_arrived, ArriveSerializer)
DealerPdiView = _action("dealer", "pdi", pass_pdi, InspectionReportSerializer)
DealerReadyView = _action("dealer", "ready", mark_ready)
DealerHandOverView = _action("dealer", "hand-over", hand_over, HandOverSerializer, throttle_scope="hand_over")
DealerShipView = _action("dealer", "ship", ship_fulfilment, ShipSerializer)
SupplierAcceptView = _action("supplier", "accept", accept_fulfilment)
SupplierRejectView = _action("supplier", "reject", reject_fulfilment, RejectSerializer)
SupplierShipView = _action("supplier", "ship", ship_fulfilment, ShipSerializer)
