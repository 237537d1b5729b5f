"""Tell owners that service is due: each once per car and service, whoever runs it and however often."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation

from apps.aftersales.models import Ownership, ServiceReminder, ServiceVisit, Vehicle
from apps.aftersales.policies.upkeep import Need
from apps.aftersales.selectors.vehicles import Coming, get_notice, list_coming
from apps.aftersales.states import OPEN
from apps.inventory.api import Unit, UnitStatus
from apps.notifications.api import Channel, Topic, tell_user, wants

AT_ONCE = 500
WAYS = (Channel.SMS, Channel.EMAIL, Channel.INBOX)


def remind_owners(*, now: datetime) -> int:
    """
    Tell the present owners of cars whose next service is near, or past; how many were told.

    A car is told of in a transaction of its own: cut short, the next run goes on. Who has booked that service needs no
    telling, who switched these reminders off gets none; who bought the car meanwhile is told what its last owner was
    told. Several of these may run at once.
    """
    today = timezone.localdate(now)
    if get_notice(today=today) is None:
        return 0
    told, last = 0, 0
    while batch := _list_owned(after=last):
        near = {
            vehicle_id: coming
            for vehicle_id, coming in list_coming(batch, today=today).items()
            if coming.due.need != Need.LATER
        }
        settled, owners = _list_settled(near), _list_owners(near)
        for vehicle_id, coming in near.items():
            months = coming.step.months
            if not settled & {(vehicle_id, months, None), (vehicle_id, months, owners.get(vehicle_id))}:
                told += _remind(vehicle_id, coming, now=now)
        last = batch[-1].pk
    return told


def _list_owned(*, after: int) -> list[Vehicle]:
    owned = Ownership.objects.filter(vehicle=OuterRef("pk"), until=None)
    cars = Vehicle.objects.filter(Exists(owned), pk__gt=after).select_related("product__info", "product__trim")
    return list(cars.order_by("pk")[:AT_ONCE])


def _list_settled(vehicle_ids: Collection[int]) -> set[tuple[int, int, int | None]]:
    """Say of which services (car, months) which owner was told; nobody's name: the service is booked."""
    told = ServiceReminder.objects.filter(vehicle__in=list(vehicle_ids)).values_list("vehicle_id", "months", "member")
    booked = ServiceVisit.objects.filter(vehicle__in=list(vehicle_ids), status__in=OPEN, step__isnull=False)
    return {*told, *((*one, None) for one in booked.values_list("vehicle_id", "step__months"))}


def _list_owners(vehicle_ids: Collection[int]) -> dict[int, int]:
    """Whose each car is, as ``_lock_owner`` decides it; it may change before somebody is told."""
    owned = Ownership.objects.filter(vehicle__in=list(vehicle_ids), until=None).order_by("is_verified", "since", "pk")
    return dict(owned.values_list("vehicle_id", "member_id"))


@transaction.atomic
def _remind(vehicle_id: int, coming: Coming, *, now: datetime) -> bool:
    own = _lock_owner(vehicle_id)
    if own is None or not wants(own.member, Topic.SERVICE_DUE):
        return False
    due = coming.due
    # The unique constraint decides between two that come here at once.
    reminder, is_new = ServiceReminder.objects.get_or_create(
        vehicle_id=vehicle_id,
        months=coming.step.months,
        member=own.member,
        defaults={"due_on": due.on, "km": due.km, "told_at": now},
    )
    if is_new:
        _tell(own, reminder, coming, now=now)
    return is_new


def _lock_owner(vehicle_id: int) -> Ownership | None:
    """
    Lock a car against changing hands and return whose it is: who is known to own it, else who claimed it last.

    None if nobody who can be told has it, or the car came back to us.
    """
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle_id)
    if Unit.objects.filter(vin=vehicle.vin, status=UnitStatus.RETURNED).exists():
        return None
    own = (
        Ownership.objects.select_related("member", "vehicle__product__info")
        .filter(vehicle=vehicle, until=None)
        .order_by("-is_verified", "-since", "-pk")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    return own if own is not None and own.member.is_active else None


def _tell(own: Ownership, reminder: ServiceReminder, coming: Coming, *, now: datetime) -> None:
    is_english = own.member.language.startswith("en")
    with translation.override(own.member.language):
        work = (", " if is_english else "、").join(coming.names)
    due = coming.due
    context = {
        "car": own.vehicle.product.info.title_en if is_english else own.vehicle.product.title,
        "vin": own.vehicle.masked_vin,
        "work": work,
        "day": f"{due.day:%Y-%m-%d}",
        "km": f"{due.km:,}",
        "by_km": f"{due.by_km:%Y-%m-%d}" if due.by_km else "",
        "link": f"{settings.SITE_URL.rstrip('/')}/service/{own.vehicle_id}/",
        "settings": f"{settings.SITE_URL.rstrip('/')}/account/messages/#wishes",
    }
    key = f"aftersales:due:{reminder.pk}"
    tell_user(own.member, template="service_due", context=context, key=key, channels=WAYS, now=now)
