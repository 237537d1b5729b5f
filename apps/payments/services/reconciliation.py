"""Compare a provider's own statement of a day with our books."""

from collections.abc import Sequence
from datetime import date, timedelta

import structlog

from apps.kernel.api import DomainError
from apps.payments import policies
from apps.payments.errors import ProviderRefused, ProviderUnavailable, UnknownProvider
from apps.payments.policies import Book, Difference, DifferenceKind
from apps.payments.ports import PaymentGateway
from apps.payments.selectors import day_of, gateway_of, our_book
from apps.payments.states import Provider

log = structlog.get_logger(__name__)


def reconcile_day(*, provider: str, day: date) -> list[Difference]:
    """
    Return every difference between the provider's statement of one of its days (Asia/Shanghai) and our books.

    Providers book a refund on the day it was asked for, we know when it was given back: what one statement lacks is
    looked for in the neighbouring days' before it is called missing.

    :raises UnknownProvider: if we take no payments through ``provider``
    :raises ProviderUnavailable: if the provider does not answer
    """
    gateway = gateway_of(provider)
    theirs = _their_book(gateway, day)
    start, end = day_of(day, zone=policies.PROVIDERS_ZONE)
    ours = our_book(provider, start=start, end=end, numbers=set(theirs))
    differences = policies.compare_books(ours, theirs)
    if any(difference.kind is DifferenceKind.MISSING_THERE for difference in differences):
        neighbours = {**_their_book(gateway, day - timedelta(days=1)), **_their_book(gateway, day + timedelta(days=1))}
        known = {key: money for key, money in neighbours.items() if key in ours and key not in theirs}
        differences = policies.compare_books(ours, {**theirs, **known})
    log.info(
        "payments_reconciled", provider=provider, day=day.isoformat(), lines=len(theirs), differences=len(differences)
    )
    for difference in differences:
        log.error(
            "payments_difference",
            provider=provider,
            day=day.isoformat(),
            kind=difference.kind.value,
            number=difference.number,
            ours=str(difference.ours),
            theirs=str(difference.theirs),
        )
    return differences


def reconcile_all(*, day: date, providers: Sequence[str] | None = None) -> dict[str, list[Difference] | DomainError]:
    """
    Reconcile one day at several providers (None: all we have keys for); one that does not answer stops no other.

    Returns each provider's differences, or why there is no answer.
    """
    results: dict[str, list[Difference] | DomainError] = {}
    for provider in providers or Provider.values:
        try:
            results[provider] = reconcile_day(provider=provider, day=day)
        except UnknownProvider as error:
            if providers:
                results[provider] = error
        except (ProviderUnavailable, ProviderRefused) as error:
            log.warning("payments_not_reconciled", **{**error.context, "provider": provider, "day": day.isoformat()})
            results[provider] = error
    return results


def _their_book(gateway: PaymentGateway, day: date) -> Book:
    return {(line.kind, line.number): line.amount for line in gateway.fetch_statement(day)}
