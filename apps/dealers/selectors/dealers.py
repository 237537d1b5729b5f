"""Dealers and those above and below them."""

from apps.dealers.errors import UnknownDealer
from apps.dealers.models import Dealer


def get_dealer(*, organization_id: int) -> Dealer:
    """
    The dealer that an organization is.

    :raises UnknownDealer: if it is none
    """
    dealer = Dealer.objects.filter(organization_id=organization_id).first()
    if dealer is None:
        raise UnknownDealer(organization_id=organization_id)
    return dealer


def list_family(dealer: Dealer) -> list[tuple[int, Dealer]]:
    """
    Return everybody in a dealer's group with how deep they stand, the group first; children by code.

    One query per generation, of which there are at most three.
    """
    top = dealer
    while top.parent is not None:
        top = top.parent
    generation = [top]
    below: dict[int | None, list[Dealer]] = {}
    while generation:
        generation = list(Dealer.objects.filter(parent__in=generation).order_by("code"))
        for child in generation:
            below.setdefault(child.parent_id, []).append(child)
    return _unfold(top, below, depth=0)


def _unfold(dealer: Dealer, below: dict[int | None, list[Dealer]], *, depth: int) -> list[tuple[int, Dealer]]:
    rows = [(depth, dealer)]
    for child in below.get(dealer.pk, []):
        rows += _unfold(child, below, depth=depth + 1)
    return rows
