"""Reads of the garage."""

from dataclasses import dataclass

from apps.accounts.api import User
from apps.catalog.api import Trim
from apps.membership import policies
from apps.membership.errors import CarNotFound
from apps.membership.models import GarageCar


@dataclass(frozen=True, slots=True, kw_only=True)
class CarView:
    """A car of a garage. ``product_id`` is that of its trim: what ``fits`` takes. ``id`` None: a guest's car."""

    id: int | None
    product_id: int
    series_code: str
    series_slug: str
    name: str
    nickname: str
    vin: str
    plate: str
    is_current: bool

    @property
    def title(self) -> str:
        """What its owner calls it, else what it is."""
        return self.nickname or self.name

    @property
    def masked_vin(self) -> str:
        """The end of the VIN."""
        return policies.mask_vin(self.vin)


def list_garage(member: User) -> list[CarView]:
    """Return the member's cars, the current one first, then the newest; two queries."""
    cars = list(GarageCar.objects.filter(member=member).order_by("-is_current", "-created_at", "-pk"))
    trims = _trims([car.product_id for car in cars])
    return [_view(car, trims[car.product_id]) for car in cars]


def current_car(member: User) -> CarView | None:
    """Return the car that the member's parts are to fit, None without one."""
    car = GarageCar.objects.filter(member=member, is_current=True).first()
    return _view(car, _trims([car.product_id])[car.product_id]) if car else None


def access_car(*, car_id: int, by: User) -> GarageCar:
    """
    Return a car of the caller's garage.

    :raises CarNotFound: if there is none; another's reads alike
    """
    car = GarageCar.objects.filter(pk=car_id, member=by).first() if 0 < car_id < 2**63 else None
    if car is None:
        raise CarNotFound
    return car


def describe_trim(product_id: int) -> CarView | None:
    """Return a trim as a guest's car, None if it is none of ours."""
    trim = _trims([product_id]).get(product_id) if 0 < product_id < 2**63 else None
    if trim is None or not trim.model.series.brand.is_own or not trim.product.is_public:
        return None
    return CarView(
        id=None,
        product_id=product_id,
        series_code=trim.model.series.code,
        series_slug=trim.model.series.slug,
        name=f"{trim.model.name} {trim.name}",
        nickname="",
        vin="",
        plate="",
        is_current=True,
    )


def _trims(product_ids: list[int]) -> dict[int, Trim]:
    rows = Trim.objects.filter(product__in=product_ids).select_related("model__series__brand", "product")
    return {trim.product_id: trim for trim in rows}


def _view(car: GarageCar, trim: Trim) -> CarView:
    return CarView(
        id=car.pk,
        product_id=car.product_id,
        series_code=trim.model.series.code,
        series_slug=trim.model.series.slug,
        name=f"{trim.model.name} {trim.name}",
        nickname=car.nickname,
        vin=car.vin or "",
        plate=car.plate or "",
        is_current=car.is_current,
    )
