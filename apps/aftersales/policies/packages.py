"""What a redemption is worth, and what a package that is given back pays."""

from datetime import date, timedelta

from apps.aftersales import conf
from apps.kernel.api import Money


def worth_of(paid: Money, *, services: int, redeemed: int) -> Money:
    """
    Return what the next service of a package is worth: an even share of what was paid.

    ``redeemed`` services of ``services`` were rendered before; the shares add up to ``paid`` to the fen.
    """
    return paid.split([1] * services)[redeemed]


def refund_of(paid: Money, *, services: int, redeemed: int, granted_on: date, valid_until: date, today: date) -> Money:
    """
    Return what is paid back for a package that is given back on ``today``.

    Unused and within conf.REGRET_DAYS: all of it. Later, or used: the shares of the services that were not rendered.
    After its last day: nothing.
    """
    if today > valid_until:
        return Money.zero(paid.currency)
    if not redeemed and today <= granted_on + timedelta(days=conf.REGRET_DAYS):
        return paid
    shares = paid.split([1] * services)
    spent = sum((share.amount for share in shares[:redeemed]), Money.zero(paid.currency).amount)
    return Money(paid.amount - spent, paid.currency)
