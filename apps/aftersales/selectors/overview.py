"""Headquarters' overview: how the workshops of all dealers are doing, how far recalls are, what packages promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum

from apps.accounts.api import Organization
from apps.aftersales.models import Entitlement, Finding, Recall, Redemption, ServiceVisit, Vehicle
from apps.aftersales.states import EntitlementStatus, FindingStatus, VisitStatus
from apps.kernel.api import Money

LOOKED_BACK = timedelta(days=30)
LOOKED_AHEAD = timedelta(days=7)
V, F_ = VisitStatus, FindingStatus


@dataclass(frozen=True, kw_only=True)
class HouseFigures:
    """A dealer's workshops: appointments of the week ahead and what is open now; the rest of the last 30 days."""

    name: str
    ahead: int
    at_work: int
    unpaid: int
    done: int
    missed: int
    proposed: int
    approved: int
    redeemed: int
    earned: Money


@dataclass(frozen=True, kw_only=True)
class RecallFigures:
    """A recall: its cars, those on the road, and those put right."""

    recall: Recall
    cars: int
    on_the_road: int
    done: int

    @property
    def percent(self) -> int:
        """How many of a hundred cars are put right."""
        return self.done * 100 // self.cars if self.cars else 0


@dataclass(frozen=True, kw_only=True)
class ServiceOverview:
    """All of it; ``answers`` are proposals that wait for a customer, ``ending`` packages whose last day is near."""

    houses: Sequence[HouseFigures]
    recalls: Sequence[RecallFigures]
    answers: int
    packages: int
    ending: int
    cars: int


def get_service_overview(*, now: datetime) -> ServiceOverview:
    """Return headquarters' overview; nine queries, whatever the number of dealers and recalls."""
    active = Entitlement.objects.filter(status=EntitlementStatus.ACTIVE, valid_until__gte=now.date())
    return ServiceOverview(
        houses=_list_houses(now),
        recalls=_list_recalls(),
        answers=Finding.objects.filter(status=F_.PROPOSED, visit__status=V.CHECKED_IN).count(),
        packages=active.count(),
        ending=active.filter(valid_until__lt=(now + LOOKED_BACK).date()).count(),
        cars=Vehicle.objects.count(),
    )


def _list_houses(now: datetime) -> list[HouseFigures]:
    since = now - LOOKED_BACK
    visits = _by_house(
        ServiceVisit.objects.all(),
        ahead=Count("pk", Q(status=V.BOOKED, booking__starts_at__range=(now, now + LOOKED_AHEAD))),
        at_work=Count("pk", Q(status=V.CHECKED_IN)),
        unpaid=Count("pk", Q(status=V.DONE)),
        done=Count("pk", Q(done_at__gte=since)),
        missed=Count("pk", Q(status=V.NO_SHOW, booking__starts_at__gte=since)),
    )
    findings = _by_house(
        Finding.objects.filter(at__gte=since).exclude(status=F_.NOTED),
        "visit__organization",
        proposed=Count("pk"),
        approved=Count("pk", Q(status=F_.APPROVED)),
    )
    redeemed = _by_house(Redemption.objects.filter(at__gte=since), redeemed=Count("pk"), earned=Sum("value"))
    names = Organization.objects.in_bulk(list(visits))
    return [
        HouseFigures(
            name=names[house].name,
            **{name: row[name] for name in ("ahead", "at_work", "unpaid", "done", "missed")},
            proposed=findings.get(house, {}).get("proposed", 0),
            approved=findings.get(house, {}).get("approved", 0),
            redeemed=redeemed.get(house, {}).get("redeemed", 0),
            earned=Money.of(redeemed.get(house, {}).get("earned", 0)),
        )
        for house, row in sorted(visits.items(), key=lambda item: (-item[1]["done"], names[item[0]].code))
    ]


def _by_house(rows: QuerySet[Any], path: str = "organization", **figures: Aggregate) -> dict[int, dict[str, Any]]:
    found = rows.order_by().values(house=F(path)).annotate(**figures)
    return {row["house"]: row for row in found}


def _list_recalls() -> list[RecallFigures]:
    recalls = (
        Recall.objects.filter(published_at__isnull=False)
        .annotate(
            cars_named=Count("cars"),
            cars_on_the_road=Count("cars", Q(cars__vin__in=Vehicle.objects.values("vin"))),
            cars_done=Count("cars", Q(cars__done_at__isnull=False)),
        )
        .order_by("-published_at", "-pk")
    )
    return [
        RecallFigures(recall=recall, cars=recall.cars_named, on_the_road=recall.cars_on_the_road, done=recall.cars_done)
        for recall in recalls
    ]
