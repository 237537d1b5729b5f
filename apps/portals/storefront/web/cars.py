"""The car a visitor drives: of the garage for members, of the session for guests."""

from django.http import HttpRequest

from apps.membership.api import CarView, current_car, describe_trim, list_garage

GUEST_CAR = "car"


def visitor_car(request: HttpRequest) -> CarView | None:
    """Return the car that parts are to fit, None if the visitor told of none."""
    if request.user.is_authenticated:
        return current_car(request.user)
    product_id = guest_car(request)
    return describe_trim(product_id) if product_id else None


def visitor_cars(request: HttpRequest) -> list[CarView]:
    """Return all cars the visitor told of, the current one first."""
    if request.user.is_authenticated:
        return list_garage(request.user)
    car = visitor_car(request)
    return [car] if car else []


def guest_car(request: HttpRequest) -> int | None:
    """Return the trim a guest drives, as the session knows it."""
    found = request.session.get(GUEST_CAR)
    return found if isinstance(found, int) else None


def remember_guest_car(request: HttpRequest, product_id: int) -> None:
    """Keep the trim a guest drives for the rest of the visit; a VIN is never kept."""
    request.session[GUEST_CAR] = product_id


def forget_guest_car(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(GUEST_CAR, None)
