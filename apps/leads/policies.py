"""Pure rules of leads: how warm one is, when it is due, whose turn it is, what a person agrees to."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.dealers.api import is_open_at, next_change_at
from apps.kernel.api import Money
from apps.leads.states import LeadSource

CONSENT_VERSION = "2026-11"
CONSENT = _(
    "I agree that the store I chose may call or text me about this request. My data are used for nothing else, and I "
    "can withdraw this at any time."
)
# A lead from a page carries what was chosen; one who stands in the store is halfway there.
SOURCE_POINTS = {
    LeadSource.TEST_DRIVE: 40,
    LeadSource.WALK_IN: 35,
    LeadSource.CONFIGURATOR: 30,
    LeadSource.PHONE: 25,
    LeadSource.CHAT: 20,
    LeadSource.VEHICLE_PAGE: 15,
}
CONFIGURED, VERIFIED, MEMBER, WROTE, ASKED_AGAIN = 20, 20, 10, 5, 10
MOST_POINTS = 100
WARM, HOT = 40, 70
# A week of opening hours holds every deadline; whoever is never open has a day.
LONGEST_LOOK = timedelta(days=8)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def score(
    *,
    source: LeadSource | str,
    is_configured: bool,
    is_verified: bool,
    is_member: bool,
    wrote: bool,
    times_asked: int = 1,
) -> int:
    """Return how warm a lead is, 0 to 100. Configurator 30 + configured 20 + verified 20 + member 10 = 80."""
    points = SOURCE_POINTS[LeadSource(source)]
    points += CONFIGURED * is_configured + VERIFIED * is_verified + MEMBER * is_member + WROTE * wrote
    return min(points + ASKED_AGAIN * (times_asked - 1), MOST_POINTS)


def warmth(points: int) -> tuple[str, str]:
    """Return the tone and the word for a score."""
    if points >= HOT:
        return "accent", str(pgettext_lazy("lead", "Hot"))
    if points >= WARM:
        return "warn", str(pgettext_lazy("lead", "Warm"))
    return "", str(pgettext_lazy("lead", "Cool"))


def due_after(
    start: datetime, *, minutes: int, opening_hours: Mapping[str, Sequence[Sequence[str]]], time_zone: str
) -> datetime:
    """
    Return the instant at which ``minutes`` of opening time have passed since ``start``.

    A store without opening hours has a day.
    """
    left, moment = timedelta(minutes=minutes), start
    while moment - start < LONGEST_LOOK:
        change = next_change_at(opening_hours, time_zone=time_zone, at=moment)
        if change is None:
            break
        if is_open_at(opening_hours, time_zone=time_zone, at=moment):
            if moment + left <= change:
                return moment + left
            left -= change - moment
        moment = change.astimezone(start.tzinfo)
    return start + timedelta(days=1)


def next_in_turn(sellers: Sequence[int], *, last: int | None, except_for: int | None = None) -> int | None:
    """Return who comes after ``last`` in the order of ids, beginning again after the greatest; None without anybody."""
    ordered = sorted(seller for seller in sellers if seller != except_for)
    if not ordered:
        return None
    return next((seller for seller in ordered if last is not None and seller > last), ordered[0])


def clean(text: str, *, most: int) -> str:
    """Return what somebody wrote without unseen characters, cut to ``most`` characters."""
    kept = "".join(one for one in text if one == "\n" or unicodedata.category(one) not in _UNSEEN)
    return kept.strip()[:most]


def mask_name(name: str) -> str:
    """Return a name as a closed lead shows it: its first character and two stars."""
    return f"{name[0]}**" if name else ""


def quote_number(day: datetime, noise: int) -> str:
    """Return a number for a quote: Q, the day in Shanghai, six digits that tell nothing. Q261122-004217."""
    return f"Q{day:%y%m%d}-{noise % 1_000_000:06d}"


def lowest_price(price: Money, *, rate: Decimal) -> Money:
    """Return the least a store may ask where a concession of ``rate`` is allowed: 169,900.00 at 0.03 → 164,803.00."""
    return Money.rounded(price.amount * (1 - rate), price.currency)


def in_figures(money: Money) -> str:
    """Return an amount as a sentence says it: ¥164,803.00."""
    return f"{'¥' if money.currency == 'CNY' else money.currency + ' '}{money.amount:,.2f}"
