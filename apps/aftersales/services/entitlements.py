"""Packages: granted when they are paid, bound to a car, redeemed once per service, given back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from apps.accounts.api import User
from apps.aftersales.errors import (
    EntitlementExpired,
    EntitlementNotActive,
    EntitlementNotFound,
    EntitlementOfOtherCar,
    EntitlementUsedUp,
    NotRefundable,
)
from apps.aftersales.models import Entitlement, EntitlementLine, Redemption, Vehicle, VisitLine
from apps.aftersales.policies.dates import add_months
from apps.aftersales.policies.packages import refund_of, worth_of
from apps.aftersales.selectors.entitlements import access_own_entitlement, suits
from apps.aftersales.selectors.vehicles import access_ownership
from apps.aftersales.services.references import make_reference
from apps.aftersales.states import AT_WORK, ENTITLEMENT, LineKind
from apps.catalog.api import Package
from apps.dealers.api import AuthorizationKind, Store, require_authorization
from apps.events.api import PackageGranted, PackageRedeemed, PackageRefunded
from apps.kernel.api import Money, attempts, outbox
from apps.payments.api import RefundReason, request_refund

# What a package without a list of work entitles to.
PLAIN_SERVICE = {"service": "SERVICE", "name_zh": "保养", "name_en": "Service"}


@transaction.atomic
def grant_package(
    *,
    product_id: int,
    holder: User,
    cause: str,
    paid: Money,
    order_number: str = "",
    vehicle: Vehicle | None = None,
    now: datetime,
) -> Entitlement:
    """
    Entitle somebody to what a package holds, from today's date on; the same ``cause`` grants once.

    ``paid`` is what was paid for this piece, tax included.
    """
    package = Package.objects.select_related("product__info").get(product=product_id)
    today = timezone.localdate(now)
    entitlement, is_new = Entitlement.objects.get_or_create(
        cause=cause,
        defaults={
            "reference": make_reference(),
            "order_number": order_number,
            "holder": holder,
            "product_id": product_id,
            "valid_from": today,
            "valid_until": add_months(today, package.months),
            "km": package.km,
            "paid": paid.amount,
            "currency": paid.currency,
            "granted_at": now,
        },
    )
    if not is_new:
        return entitlement
    rows = package.entitlements or [{**PLAIN_SERVICE, "count": package.visits}]
    EntitlementLine.objects.bulk_create(
        EntitlementLine(
            entitlement=entitlement,
            service=row["service"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            count=row["count"],
        )
        for row in rows
    )
    if vehicle is not None:
        _bind(entitlement, vehicle)
    outbox.record(PackageGranted(entitlement_id=entitlement.pk), at=now)
    return entitlement


@transaction.atomic
def bind_package(*, reference: str, vehicle_id: int, by: User, now: datetime) -> Entitlement:
    """
    Say for which of one's cars a package is, once; from then on it goes with the car.

    :raises EntitlementNotFound, VehicleNotFound: if one of them is somebody else's
    :raises EntitlementNotActive: if it was given back
    :raises EntitlementOfOtherCar: if it belongs to another car, or is not one for this model
    """
    known = access_own_entitlement(reference=reference, member=by)
    vehicle = access_ownership(vehicle_id=vehicle_id, member=by).vehicle
    entitlement = lock_entitlement(known.pk)
    _check_usable(entitlement, vehicle)
    if entitlement.vehicle_id is None:
        _bind(entitlement, vehicle)
    return entitlement


@attempts.trailed("aftersales.redeem", subject="cause", keeps=("line_id",))
def redeem(
    *,
    line_id: int,
    vehicle: Vehicle,
    store: Store,
    cause: str,
    is_held: bool = False,
    by: User | None,
    now: datetime,
) -> Redemption:
    """
    Render one service of a package at any store whose dealer is authorized to service the brand.

    Who comes first is decided under the package's row lock, by counting rows; the constraints have the last word.
    The same ``cause`` redeems once, and gets the same row again. ``is_held``: a visit holds the service, so its days,
    kilometres and dealer were checked when it was booked; what was promised then is rendered.

    :raises EntitlementNotFound: if there is no such service of a package
    :raises EntitlementNotActive, EntitlementExpired, EntitlementOfOtherCar: if it cannot be used for this car
    :raises DealerNotAuthorized: naming the rule
    :raises EntitlementUsedUp: if all of them were rendered
    """
    line = EntitlementLine.objects.filter(pk=line_id).first()
    if line is None:
        raise EntitlementNotFound
    entitlement = lock_entitlement(line.entitlement_id)
    known = Redemption.objects.filter(line=line, cause=cause).first()
    if known is not None:
        return known
    if is_held:
        _check_usable(entitlement, vehicle)
    else:
        check_redeemable(entitlement, vehicle, store=store, now=now)
    if entitlement.vehicle_id is None:
        _bind(entitlement, vehicle)
    rendered = Redemption.objects.filter(line=line).count()
    if rendered >= line.count:
        raise EntitlementUsedUp(service=line.name)
    redemption = Redemption.objects.create(
        line=line,
        number=rendered + 1,
        of=line.count,
        cause=cause,
        organization_id=store.dealer.organization_id,
        store=store,
        value=_worth_next(entitlement).amount,
        by=by,
        at=now,
    )
    fact = PackageRedeemed(
        entitlement_id=entitlement.pk,
        redemption_id=redemption.pk,
        organization_id=redemption.organization_id,
        value=str(redemption.value),
        currency=entitlement.currency,
    )
    outbox.record(fact, at=now)
    return redemption


def hold_service(*, line_id: int, vehicle: Vehicle, store: Store, member: User, on: datetime) -> EntitlementLine:
    """
    Make sure that a service of the member's package is left for a visit, what other visits hold included.

    ``on`` is when the visit begins: the package must hold on that day.
    Call it in the transaction that writes the visit's line: the package stays locked until then.

    :raises EntitlementNotFound: if it is somebody else's
    :raises EntitlementNotActive, EntitlementExpired, EntitlementOfOtherCar: if it cannot be used for this car
    :raises DealerNotAuthorized: naming the rule
    :raises EntitlementUsedUp: if nothing is left
    """
    line = EntitlementLine.objects.filter(pk=line_id, entitlement__holder=member).first()
    if line is None:
        raise EntitlementNotFound
    check_redeemable(lock_entitlement(line.entitlement_id), vehicle, store=store, now=on)
    taken = Redemption.objects.filter(line=line).count()
    held = VisitLine.objects.filter(entitlement_line=line, kind=LineKind.LABOUR, visit__status__in=AT_WORK).count()
    if taken + held >= line.count:
        raise EntitlementUsedUp(service=line.name)
    return line


@attempts.trailed("aftersales.refund_package", subject="reference")
def refund_package(*, reference: str, by: User, now: datetime) -> Entitlement:
    """
    Give one's package back; what is paid back follows ``policies.packages.refund_of``.

    :raises EntitlementNotFound: if it is somebody else's
    :raises MoveNotAllowed: if it was given back
    :raises EntitlementUsedUp: if an appointment holds a service of it; cancel that first
    :raises NotRefundable: if nothing would be paid back
    """
    entitlement = lock_entitlement(access_own_entitlement(reference=reference, member=by).pk)
    if VisitLine.objects.filter(entitlement_line__entitlement=entitlement, visit__status__in=AT_WORK).exists():
        raise EntitlementUsedUp
    services, rendered = _count_services(entitlement)
    back = refund_of(
        Money(entitlement.paid, entitlement.currency),
        services=services,
        redeemed=rendered,
        granted_on=entitlement.valid_from,
        valid_until=entitlement.valid_until,
        today=timezone.localdate(now),
    )
    if entitlement.is_active and not back:
        raise NotRefundable
    ENTITLEMENT.move(entitlement, "refund", by=by, at=now)
    entitlement.refund, entitlement.refunded_at = back.amount, now
    entitlement.save(update_fields=["refund", "refunded_at"])
    if entitlement.order_number:
        request_refund(
            order_number=entitlement.order_number,
            amount=back,
            reason=RefundReason.PACKAGE_RETURNED,
            cause_key=f"aftersales.package:{entitlement.pk}",
            by=by,
            now=now,
        )
    fact = PackageRefunded(
        entitlement_id=entitlement.pk,
        order_number=entitlement.order_number,
        amount=str(back.amount),
        currency=back.currency,
    )
    outbox.record(fact, at=now)
    return entitlement


def lock_entitlement(entitlement_id: int) -> Entitlement:
    """Lock a package: everything that uses it up takes turns here."""
    return (
        Entitlement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product__info")
        .get(pk=entitlement_id)
    )


def check_redeemable(entitlement: Entitlement, vehicle: Vehicle, *, store: Store, now: datetime) -> None:
    """
    Refuse a package that cannot be used for a car at a store today, by the calendar on its wall.

    :raises EntitlementNotActive, EntitlementExpired, EntitlementOfOtherCar: as they say
    :raises DealerNotAuthorized: if the dealer may not service the brand there
    """
    _check_usable(entitlement, vehicle)
    today = now.astimezone(ZoneInfo(store.time_zone)).date()
    is_over = entitlement.km_until is not None and vehicle.kilometres > entitlement.km_until
    if is_over or not entitlement.valid_from <= today <= entitlement.valid_until:
        raise EntitlementExpired(valid_until=entitlement.valid_until.isoformat(), km_limit=entitlement.km_until)
    check_store(vehicle, store=store, now=now)


def check_store(vehicle: Vehicle, *, store: Store, now: datetime) -> None:
    """
    Refuse a store whose dealer may not service the brand of a car.

    :raises DealerNotAuthorized: naming the rule
    """
    require_authorization(
        dealer_id=store.dealer_id,
        brand_code=vehicle.product.info.brand.code,
        region_code=store.district_code,
        kind=AuthorizationKind.SERVICE,
        on=now.astimezone(ZoneInfo(store.time_zone)).date(),
    )


def _check_usable(entitlement: Entitlement, vehicle: Vehicle) -> None:
    if not entitlement.is_active:
        raise EntitlementNotActive
    if entitlement.vehicle_id not in (None, vehicle.pk) or not suits(entitlement, vehicle):
        raise EntitlementOfOtherCar


def _bind(entitlement: Entitlement, vehicle: Vehicle) -> None:
    """The kilometres of a package count from the car's reading on the day it is bound."""
    entitlement.vehicle = vehicle
    entitlement.km_until = vehicle.kilometres + entitlement.km if entitlement.km else None
    entitlement.save(update_fields=["vehicle", "km_until"])


def _worth_next(entitlement: Entitlement) -> Money:
    services, rendered = _count_services(entitlement)
    return worth_of(Money(entitlement.paid, entitlement.currency), services=services, redeemed=rendered)


def _count_services(entitlement: Entitlement) -> tuple[int, int]:
    """Return how many services the package is made of, and how many of them were rendered."""
    services = sum(EntitlementLine.objects.filter(entitlement=entitlement).values_list("count", flat=True))
    return services, Redemption.objects.filter(line__entitlement=entitlement).count()
