"""Reads of cars on the road: a person's own, what they need, what covers them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.api import User
from apps.aftersales.errors import ForeignVin, VehicleNotFound
from apps.aftersales.models import (
    MaintenancePlan,
    Ownership,
    PlanStep,
    Recall,
    RecallCar,
    ReminderRule,
    ServiceVisit,
    Vehicle,
    WarrantyTerm,
)
from apps.aftersales.policies.cover import Cover, Term, covers
from apps.aftersales.policies.upkeep import Done, Due, Life, Notice, Step, next_due
from apps.aftersales.states import Component, VisitStatus
from apps.membership.api import read_vin

MOST_ID = 2**63
SERVED = (VisitStatus.DONE, VisitStatus.PAID)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """The next service of a car: when, and what is done."""

    due: Due
    step: PlanStep

    @property
    def names(self) -> list[str]:
        """What is done, in the reader's language."""
        return [item.name for item in self.step.items.all()]


@dataclass(frozen=True, kw_only=True)
class NamedCover:
    """A warranty with its name."""

    name: str
    cover: Cover


def list_own_vehicles(member: User) -> QuerySet[Ownership]:
    """List whose cars a person has now, the newest first."""
    return (
        Ownership.objects.filter(member=member, until=None)
        .select_related("vehicle__product__info", "vehicle__product__trim__model__series")
        .order_by("-since", "-pk")
    )


def access_ownership(*, vehicle_id: int, member: User) -> Ownership:
    """
    Return one of a person's own cars.

    :raises VehicleNotFound: if there is none, or it is somebody else's
    """
    own = list_own_vehicles(member).filter(vehicle=vehicle_id).first() if 0 < vehicle_id < MOST_ID else None
    if own is None:
        raise VehicleNotFound
    return own


def find_vehicle(vin: str) -> Vehicle:
    """
    Return a car on the road by what somebody typed as its VIN; nothing is told about whose it is.

    :raises InvalidVin: if the text is no VIN
    :raises ForeignVin: if it is of no car that was handed over
    """
    number = read_vin(vin)
    found = Vehicle.objects.select_related("product__info", "product__trim__model__series").filter(vin=number).first()
    if found is None:
        raise ForeignVin(fields={"vin": [str(ForeignVin.message)]})
    return found


def get_coming(vehicle: Vehicle, *, today: date) -> Coming | None:
    """Return the next service of a car by its model's plan, None without a plan or once all are done."""
    return list_coming([vehicle], today=today).get(vehicle.pk)


def list_coming(vehicles: Collection[Vehicle], *, today: date) -> dict[int, Coming]:
    """Map cars to their next service, where they have one; five queries for any number of cars."""
    model_of = {one.pk: one.product.trim.model_id for one in vehicles if hasattr(one.product, "trim")}
    plans = defaultdict(list)
    for plan in MaintenancePlan.objects.filter(model__in=set(model_of.values())).prefetch_related("steps__items"):
        plans[plan.model_id].append(plan)
    done = defaultdict(list)
    served = ServiceVisit.objects.filter(vehicle__in=list(model_of), status__in=SERVED, step__isnull=False)
    for vehicle_id, step_id, at, km in served.values_list("vehicle_id", "step_id", "done_at", "kilometres"):
        done[vehicle_id].append(Done(step_id=step_id, day=timezone.localdate(at), km=km))
    notice = get_notice(today=today)
    found = {}
    for vehicle in vehicles:
        plan = next((one for one in plans[model_of.get(vehicle.pk)] if vehicle.in_service_on in one.valid), None)
        coming = _next_of(plan, vehicle, done=done[vehicle.pk], notice=notice, today=today) if plan else None
        if coming:
            found[vehicle.pk] = coming
    return found


def get_notice(*, today: date) -> Notice | None:
    """Return how long ahead owners are told that service is due, None if they are not."""
    rule = ReminderRule.objects.filter(valid__contains=today).first()
    return Notice(days=rule.days, km=rule.km) if rule else None


def _next_of(
    plan: MaintenancePlan, vehicle: Vehicle, *, done: Collection[Done], notice: Notice | None, today: date
) -> Coming | None:
    steps = {step.pk: step for step in plan.steps.all()}
    life = Life(
        in_service_on=vehicle.in_service_on,
        kilometres=vehicle.kilometres,
        read_on=timezone.localdate(vehicle.read_at) if vehicle.read_at else None,
    )
    due = next_due(
        [Step(step_id=step.pk, months=step.months, km=step.km) for step in steps.values()],
        done=done,
        life=life,
        notice=notice,
        today=today,
    )
    return Coming(due=due, step=steps[due.step_id]) if due else None


def check_warranty(vehicle: Vehicle, *, today: date, kilometres: int | None = None) -> list[NamedCover]:
    """Return what covers a car on a day; ``kilometres`` is a newer reading than the last known one."""
    reading = vehicle.kilometres if kilometres is None else kilometres
    terms = WarrantyTerm.objects.filter(valid__contains=vehicle.in_service_on).order_by("component")
    return [
        NamedCover(
            name=str(Component(term.component).label),
            cover=covers(
                Term(component=term.component, months=term.months, km=term.km, source=term.source),
                in_service_on=vehicle.in_service_on,
                kilometres=reading,
                today=today,
            ),
        )
        for term in terms
    ]


def list_open_recalls(vin: str) -> Sequence[RecallCar]:
    """List what a car is called back for and was not put right yet."""
    return list(
        RecallCar.objects.filter(vin=vin, done_at=None, recall__published_at__isnull=False)
        .select_related("recall__item")
        .order_by("recall__code")
    )


def list_recalls() -> QuerySet[Recall]:
    """List the recalls that were published, the newest first."""
    return Recall.objects.filter(published_at__isnull=False).order_by("-published_at", "-pk")
