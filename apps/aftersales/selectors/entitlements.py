"""Reads of packages: what is left, what appointments hold, where they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.api import User
from apps.aftersales.errors import EntitlementNotFound
from apps.aftersales.models import Entitlement, EntitlementLine, Redemption, Vehicle, VisitLine
from apps.aftersales.policies.packages import refund_of
from apps.aftersales.states import AT_WORK, EntitlementStatus, LineKind
from apps.catalog.api import fits
from apps.kernel.api import Money


@dataclass(frozen=True, kw_only=True)
class PackageView:
    """A package as people see it: its lines with ``redeemed``, ``held`` and ``left``, and whether it can be used."""

    entitlement: Entitlement
    lines: Sequence[EntitlementLine]
    is_usable: bool
    refund: Money

    @property
    def services(self) -> int:
        """How many services it is made of."""
        return sum(line.count for line in self.lines)

    @property
    def left(self) -> int:
        """How many of them were not rendered yet."""
        return sum(line.count - line.redeemed for line in self.lines)


def with_counts(lines: QuerySet[EntitlementLine]) -> QuerySet[EntitlementLine]:
    """Add ``redeemed``, ``held`` by visits that are still ahead or in the workshop, and ``left`` to lines."""
    redeemed = Redemption.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(rows=Count("pk"))
    held = (
        VisitLine.objects.filter(entitlement_line=OuterRef("pk"), kind=LineKind.LABOUR, visit__status__in=AT_WORK)
        .order_by()
        .values("entitlement_line")
        .annotate(rows=Count("pk"))
    )
    return lines.annotate(
        redeemed=Coalesce(Subquery(redeemed.values("rows")), Value(0)),
        held=Coalesce(Subquery(held.values("rows")), Value(0)),
    ).annotate(left=F("count") - F("redeemed") - F("held"))


def list_own_entitlements(member: User) -> QuerySet[Entitlement]:
    """List a person's packages with their lines, the newest first; three queries."""
    return (
        Entitlement.objects.filter(holder=member)
        .select_related("product__info", "vehicle__product__info")
        .prefetch_related(Prefetch("lines", with_counts(EntitlementLine.objects.order_by("pk"))))
        .order_by("-granted_at", "-pk")
    )


def access_own_entitlement(*, reference: str, member: User) -> Entitlement:
    """
    Return a person's own package.

    :raises EntitlementNotFound: if there is none, or it is somebody else's
    """
    found = list_own_entitlements(member).filter(reference=reference).first()
    if found is None:
        raise EntitlementNotFound
    return found


def view_package(entitlement: Entitlement, *, today: date) -> PackageView:
    """Return what people see of a package that was loaded by ``list_own_entitlements``."""
    lines = list(entitlement.lines.all())
    reading = entitlement.vehicle.kilometres if entitlement.vehicle else 0
    is_usable = (
        entitlement.is_active
        and entitlement.valid_from <= today <= entitlement.valid_until
        and (entitlement.km_until is None or reading <= entitlement.km_until)
        and any(line.left > 0 for line in lines)
    )
    refund = Money.zero(entitlement.currency)
    if entitlement.is_active:
        refund = refund_of(
            Money(entitlement.paid, entitlement.currency),
            services=sum(line.count for line in lines),
            redeemed=sum(line.redeemed for line in lines),
            granted_on=entitlement.valid_from,
            valid_until=entitlement.valid_until,
            today=today,
        )
    return PackageView(entitlement=entitlement, lines=lines, is_usable=is_usable, refund=refund)


def list_usable_lines(vehicle: Vehicle, *, member: User, today: date) -> list[EntitlementLine]:
    """List the services of a person's packages that could be rendered to a car now, those that end soonest first."""
    lines = (
        with_counts(EntitlementLine.objects)
        .filter(
            entitlement__holder=member,
            entitlement__status=EntitlementStatus.ACTIVE,
            entitlement__valid_from__lte=today,
            entitlement__valid_until__gte=today,
            left__gt=0,
        )
        .exclude(entitlement__km_until__lt=vehicle.kilometres)
        .select_related("entitlement__product__info")
        .order_by("entitlement__valid_until", "pk")
    )
    mine = [line for line in lines if line.entitlement.vehicle_id in (None, vehicle.pk)]
    return [line for line in mine if suits(line.entitlement, vehicle)]


def suits(entitlement: Entitlement, vehicle: Vehicle) -> bool:
    """Whether a package is one for this car's model: one without lines of fitment suits every car."""
    return fits(entitlement.product_id, vehicle.product_id)
