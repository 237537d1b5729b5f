"""Write quotes."""

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.catalog.api import (
    Configuration,
    LineRequest,
    UnknownConfiguration,
    evaluate_configuration,
    get_configuration,
    quote_lines,
)
from apps.dealers.api import Store
from apps.kernel.api import Money, TryAgain
from apps.leads import conf, policies
from apps.leads.errors import InvalidQuote
from apps.leads.models import Lead, Quote
from apps.leads.services.locks import lock_open_lead

MOST_TRIES = 5
LONGEST_NAME = 60


@transaction.atomic
def issue_quote(
    *,
    organization_id: int,
    store_id: int,
    configuration_id: UUID | str,
    customer_name: str = "",
    valid_days: int = conf.QUOTE_DAYS,
    lead_id: int | None = None,
    by: User,
    now: datetime,
) -> Quote:
    """
    Write down what a configured car costs now, valid for some days; the price is worked out anew and frozen.

    :raises InvalidQuote: if the store is not the dealer's, the days are not 1 to 60, or the car is unknown
    :raises LeadNotFound: if the lead is not the dealer's
    :raises LeadClosed: if the lead is closed
    :raises NotForSale: if nobody offers the car now
    :raises ImpossibleConfiguration: if it cannot be built any more
    """
    if not 1 <= valid_days <= conf.LONGEST_QUOTE_DAYS:
        raise InvalidQuote(fields={"valid_days": [_("Please give one to sixty days.")]})
    store = Store.objects.filter(pk=store_id, dealer__organization=organization_id).first()
    if store is None:
        raise InvalidQuote(fields={"store": [_("Please choose one of your stores.")]})
    lead = lock_open_lead(lead_id, organization_id=organization_id) if lead_id is not None else None
    try:
        configuration = get_configuration(configuration_id)
    except UnknownConfiguration as refusal:
        raise InvalidQuote(fields={"configuration": [str(refusal)]}) from refusal
    return _write(store, configuration, lead, customer_name=customer_name, valid_days=valid_days, by=by, now=now)


def _write(
    store: Store,
    configuration: Configuration,
    lead: Lead | None,
    *,
    customer_name: str,
    valid_days: int,
    by: User,
    now: datetime,
) -> Quote:
    product_id = configuration.product_id
    line = quote_lines([LineRequest(product_id, 1, configuration_id=configuration.pk)], at=now)[0]
    view = evaluate_configuration(product_id, configuration.option_codes, at=now)
    today = now.astimezone(ZoneInfo(store.time_zone))
    values = {
        "organization_id": store.dealer.organization_id,
        "store": store,
        "lead": lead,
        "configuration": configuration,
        "customer_name": policies.clean(customer_name, most=LONGEST_NAME) or (lead.name if lead else ""),
        "title_zh": line.title_zh,
        "title_en": line.title_en,
        "lines": view.breakdown,
        "total": line.unit_price.amount,
        "tax": tax_in(line.unit_price, line.tax_rate).amount,
        "tax_rate": line.tax_rate,
        "currency": line.unit_price.currency,
        "valid_until": (today + timedelta(days=valid_days)).date(),
        "issued_by": by,
        "issued_at": now,
    }
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
