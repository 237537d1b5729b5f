"""Reads of visits: a person's own, a dealer's own, and nobody else's; times that bays are free."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from apps.accounts.api import User
from apps.aftersales.errors import UnknownService, VisitNotFound
from apps.aftersales.models import Finding, FindingPhoto, ServiceItem, ServiceVisit, VisitLine
from apps.aftersales.policies.upkeep import round_up
from apps.aftersales.states import VisitStatus
from apps.payments.api import PaymentStatus, PaymentView, list_payments
from apps.scheduling.api import Resource, ResourceKind, Slot, by_start, find_slots, list_resources

MOST_ID = 2**63
SEEN_WITH = ("booking__host", "booking__resource", "store__dealer", "vehicle__product__info", "member", "step")


def list_service_items(codes: Collection[str] | None = None) -> list[ServiceItem]:
    """
    List the work a bay can be booked for, by code; all of it without ``codes``.

    :raises UnknownService: if one of the codes is none of them
    """
    items = ServiceItem.objects.filter(is_bookable=True).order_by("code")
    if codes is None:
        return list(items)
    found = {item.code: item for item in items.filter(code__in=codes)}
    if set(codes) - set(found):
        raise UnknownService(fields={"services": [str(UnknownService.message)]})
    return [found[code] for code in dict.fromkeys(codes)]


def list_bays(store_id: int) -> QuerySet[Resource]:
    """List the bays of a store that can be booked."""
    return list_resources(kind=ResourceKind.BAY, store_id=store_id)


def list_service_times(*, store_id: int, minutes: int, first_day: date, days: int, now: datetime) -> list[Slot]:
    """List the times at which work of so many minutes could begin at a store; free where one of its bays is."""
    found = find_slots(
        resources=list_bays(store_id), first_day=first_day, days=days, now=now, length_minutes=round_up(minutes)
    )
    return by_start(slot for slots in found.values() for slot in slots)


def list_own_visits(member: User) -> QuerySet[ServiceVisit]:
    """List a person's visits, the latest appointment first."""
    return _with_work(ServiceVisit.objects.filter(member=member)).order_by("-booking__starts_at", "-pk")


def access_own_visit(*, reference: str, member: User) -> ServiceVisit:
    """
    Return a person's own visit with its work.

    :raises VisitNotFound: if there is none, or it is somebody else's
    """
    visit = list_own_visits(member).filter(reference=reference).first()
    if visit is None:
        raise VisitNotFound
    return visit


def list_visits(
    organization_id: int, *, since: datetime | None = None, until: datetime | None = None, store_id: int | None = None
) -> QuerySet[ServiceVisit]:
    """List a dealer's visits in order of time, within a half-open span if one is given."""
    visits = ServiceVisit.objects.filter(organization=organization_id).select_related(*SEEN_WITH)
    if since is not None:
        visits = visits.filter(booking__starts_at__gte=since)
    if until is not None:
        visits = visits.filter(booking__starts_at__lt=until)
    if store_id is not None:
        visits = visits.filter(store=store_id)
    return visits.order_by("booking__starts_at", "pk")


def access_visit(*, visit_id: int, organization_id: int) -> ServiceVisit:
    """
    Return a dealer's visit with its work.

    :raises VisitNotFound: if there is none, or it is another dealer's
    """
    visits = _with_work(list_visits(organization_id))
    visit = visits.filter(pk=visit_id).first() if 0 < visit_id < MOST_ID else None
    if visit is None:
        raise VisitNotFound
    return visit


def list_history(vehicle_id: int) -> QuerySet[ServiceVisit]:
    """List what was done to a car, the newest first."""
    done = ServiceVisit.objects.filter(vehicle=vehicle_id, status__in=(VisitStatus.DONE, VisitStatus.PAID))
    return _with_work(done).order_by("-done_at", "-pk")


def count_ahead(member: User) -> int:
    """Count the visits that a person has ahead."""
    return ServiceVisit.objects.filter(member=member, status=VisitStatus.BOOKED).count()


def get_bill_payment(visit: ServiceVisit, *, now: datetime) -> PaymentView | None:
    """Return the newest payment of a visit's bill that waits for the customer or came in, None without one."""
    known = (PaymentStatus.PENDING, PaymentStatus.CAPTURED)
    found = [payment for payment in list_payments(visit.bill_number, now=now) if payment.status in known]
    return found[-1] if found else None


def _with_work(visits: QuerySet[ServiceVisit]) -> QuerySet[ServiceVisit]:
    lines = VisitLine.objects.select_related("item", "product__info", "finding", "entitlement_line").order_by("pk")
    photos = Prefetch("photos", FindingPhoto.objects.select_related("file").order_by("at", "pk"))
    findings = Finding.objects.select_related("by").prefetch_related(photos, Prefetch("lines", lines)).order_by("pk")
    return visits.select_related(*SEEN_WITH).prefetch_related(Prefetch("lines", lines), Prefetch("findings", findings))
