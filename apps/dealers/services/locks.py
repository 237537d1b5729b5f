"""The lock under which everything is decided that a dealer may do."""

from apps.dealers.errors import UnknownDealer
from apps.dealers.models import Dealer


def lock_dealer(dealer_id: int) -> Dealer:
    """
    Lock a dealer: of two decisions about what it may do the second sees the first.

    :raises UnknownDealer: if there is none
    """
    dealer = (
        Dealer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent")
        .filter(pk=dealer_id)
        .first()
    )
    if dealer is None:
        raise UnknownDealer(dealer_id=dealer_id)
    return dealer
