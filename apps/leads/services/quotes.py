"""Write quotes."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.catalog.api import (
    Configuration,
    ConfigurationView,
    LineQuote,
    LineRequest,
    PriceContext,
    UnknownConfiguration,
    evaluate_configuration,
    get_configuration,
    quote_lines,
)
from apps.dealers.api import AuthorizationKind, LevelBenefitKind, Store, benefits_of, require_authorization
from apps.kernel.api import Money, TryAgain, attempts
from apps.leads import conf, policies
from apps.leads.errors import InvalidQuote, PriceBelowAllowed
from apps.leads.models import Quote
from apps.leads.services.locks import lock_open_lead

MOST_TRIES = 5
LONGEST_NAME = 60


@attempts.trailed("leads.issue_quote", subject="store_id", keeps=("organization_id", "configuration_id", "offered"))
def issue_quote(
    *,
    organization_id: int,
    store_id: int,
    configuration_id: UUID | str,
    customer_name: str = "",
    valid_days: int = conf.QUOTE_DAYS,
    offered: Money | None = None,
    lead_id: int | None = None,
    by: User,
    now: datetime,
) -> Quote:
    """
    Write down what a configured car costs at a store now, valid for some days; priced by the same lists as its orders.

    The price is worked out anew and frozen with the versions that made it. ``offered`` is what the store asks instead:
    no more than that, and no less than its dealer's level allows.

    :raises InvalidQuote: if the store is not the dealer's, the days are not 1 to 60, the car is unknown, or the offered
        price is none or above the price
    :raises LeadNotFound: if the lead is not the dealer's
    :raises LeadClosed: if the lead is closed
    :raises DealerNotAuthorized: if the dealer may not sell the brand at the store; the rule is named
    :raises NotForSale: if nobody offers the car now
    :raises ImpossibleConfiguration: if it cannot be built any more
    :raises PriceBelowAllowed: if the store offers less than its dealer's level allows
    """
    if not 1 <= valid_days <= conf.LONGEST_QUOTE_DAYS:
        raise InvalidQuote(fields={"valid_days": [_("Please give one to sixty days.")]})
    stores = Store.objects.select_related("dealer").filter(dealer__organization=organization_id)
    store = stores.filter(pk=store_id, is_open=True, has_sales=True).first() if store_id < 2**63 else None
    if store is None:
        raise InvalidQuote(fields={"store": [_("Please choose one of your stores.")]})
    lead = lock_open_lead(lead_id, organization_id=organization_id) if lead_id is not None else None
    try:
        configuration = get_configuration(configuration_id)
    except UnknownConfiguration as refusal:
        raise InvalidQuote(fields={"configuration": [str(refusal)]}) from refusal
    line, view = _price(store, configuration, now=now)
    total = line.unit_price
    if offered is not None:
        _check_offered(offered, store=store, price=total, now=now)
        total = offered
    today = now.astimezone(ZoneInfo(store.time_zone))
    return _write(
        today,
        organization_id=organization_id,
        store=store,
        lead=lead,
        configuration=configuration,
        customer_name=policies.clean(customer_name, most=LONGEST_NAME) or (lead.name if lead else ""),
        title_zh=line.title_zh,
        title_en=line.title_en,
        lines=view.breakdown,
        price_trace=line.price_trace,
        concession=(line.unit_price - total).amount,
        total=total.amount,
        tax=tax_in(total, line.tax_rate).amount,
        tax_rate=line.tax_rate,
        currency=total.currency,
        valid_until=(today + timedelta(days=valid_days)).date(),
        issued_by=by,
        issued_at=now,
    )


def _price(store: Store, configuration: Configuration, *, now: datetime) -> tuple[LineQuote, ConfigurationView]:
    """
    Price a configuration as an order fetched at the store would be.

    :raises DealerNotAuthorized: if the dealer may not sell the brand there
    """
    product_id = configuration.product_id
    context = PriceContext(region_code=store.district_code, dealer_id=store.dealer_id)
    wish = LineRequest(product_id, 1, configuration_id=configuration.pk)
    line = quote_lines([wish], at=now, context=context)[0]
    require_authorization(
        dealer_id=store.dealer_id,
        brand_code=line.brand_code,
        region_code=store.district_code,
        kind=AuthorizationKind.SALES,
        on=timezone.localdate(now),
    )
    return line, evaluate_configuration(product_id, configuration.option_codes, at=now, context=context)


def _check_offered(offered: Money, *, store: Store, price: Money, now: datetime) -> None:
    """
    Refuse what a store may not ask instead of the price.

    :raises InvalidQuote: if it is none, or above the price
    :raises PriceBelowAllowed: if it is below what the dealer's level allows
    """
    if offered.currency != price.currency or offered.amount <= 0 or offered > price:
        words = _("Please give a price of at most %(price)s.") % {"price": policies.in_figures(price)}
        raise InvalidQuote(fields={"offered": [words]})
    on = timezone.localdate(now)
    rate = benefits_of(store.dealer.level, on=on).get(LevelBenefitKind.CONCESSION_RATE, Decimal(0))
    lowest = policies.lowest_price(price, rate=rate)
    if offered < lowest:
        told: dict[str, Any] = {
            "lowest": policies.in_figures(lowest),
            "price": policies.in_figures(price),
            "rate": str(rate),
        }
        raise PriceBelowAllowed(**told, fields={"offered": [str(PriceBelowAllowed(**told))]})


def _write(today: datetime, **values: Any) -> Quote:
    for _try in range(MOST_TRIES):
        try:
            with transaction.atomic():
                return Quote.objects.create(number=policies.quote_number(today, secrets.randbits(32)), **values)
        except IntegrityError as error:
            if "number" not in str(error):
                raise
    raise TryAgain


def tax_in(total: Money, rate: Decimal) -> Money:
    """Return the tax inside a price. Example: 113.00 at 0.13 → 13.00."""
    return total - Money.rounded(total.amount / (1 + rate), total.currency)
