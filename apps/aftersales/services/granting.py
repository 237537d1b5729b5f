"""What follows from orders: a car that was handed over is somebody's, a package that was paid can be used."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.aftersales.models import Vehicle
from apps.aftersales.services.entitlements import grant_package
from apps.aftersales.services.vehicles import own_by_handover, register_vehicle
from apps.catalog.api import ProductKind
from apps.kernel.api import Money
from apps.orders.api import Fulfilment, FulfilmentLine


@transaction.atomic
def take_from_fulfilment(*, fulfilment_id: int, now: datetime) -> None:
    """
    Register the cars and grant the packages of a fulfilment that is done; repeating it changes nothing.

    A guest has no account to keep them in: the car is known by VIN and can be claimed, the package stays an order line.
    """
    fulfilment = Fulfilment.objects.select_related("order__user").get(pk=fulfilment_id)
    lines = FulfilmentLine.objects.filter(fulfilment=fulfilment).select_related("item__product").order_by("pk")
    for line in lines:
        if line.item.kind == ProductKind.VEHICLE:
            _take_cars(line, fulfilment, now=now)
        elif line.item.kind == ProductKind.PACKAGE and line.item.product_id and fulfilment.order.user:
            _take_packages(line, fulfilment, now=now)


def _take_cars(line: FulfilmentLine, fulfilment: Fulfilment, *, now: datetime) -> None:
    for assigned in line.vehicles.filter(released_at=None).order_by("pk"):
        vehicle = register_vehicle(
            vin=assigned.vin,
            product_id=line.item.product_id,
            in_service_on=timezone.localdate(fulfilment.done_at or now),
            order_number=fulfilment.order.number,
            now=now,
        )
        if fulfilment.order.user is not None:
            own_by_handover(vehicle=vehicle, member=fulfilment.order.user, now=now)


def _take_packages(line: FulfilmentLine, fulfilment: Fulfilment, *, now: datetime) -> None:
    order = fulfilment.order
    shares = Money(line.total, order.currency).split([1] * line.quantity)
    # A package that was bought together with one car is for that car.
    cars = list(Vehicle.objects.filter(order_number=order.number).select_related("product__info")[:2])
    for piece, share in enumerate(shares, start=1):
        grant_package(
            product_id=line.item.product_id,
            holder=order.user,
            cause=f"orders.line:{line.pk}:{piece}",
            paid=share,
            order_number=order.number,
            vehicle=cars[0] if len(cars) == 1 and line.quantity == 1 else None,
            now=now,
        )
