"""Reads of quotes."""

from django.db.models import QuerySet

from apps.catalog.api import PriceExplanation, ProductNotFound, explain_trace
from apps.kernel.api import Money
from apps.leads.errors import QuoteNotFound
from apps.leads.models import Quote


def list_quotes(organization_id: int) -> QuerySet[Quote]:
    """List a dealer's quotes, newest first."""
    quotes = Quote.objects.filter(organization=organization_id).select_related("store", "issued_by", "lead")
    return quotes.order_by("-issued_at", "-pk")


def access_quote(*, number: str, organization_id: int) -> Quote:
    """
    Return a quote of a dealer.

    :raises QuoteNotFound: if there is none, or it is another dealer's
    """
    quotes = Quote.objects.select_related("store__dealer", "organization", "issued_by", "lead", "configuration")
    quote = quotes.filter(number=number, organization=organization_id).first()
    if quote is None:
        raise QuoteNotFound
    return quote


def explain_quote_price(quote: Quote) -> PriceExplanation | None:
    """Derive a quote's price again from the versions it names; None for one of before the price lists."""
    if not quote.price_trace:
        return None
    options = [
        {
            "name_zh": line["name_zh"],
            "name_en": line["name_en"],
            "price": Money.of(line["amount"], line["currency"]),
        }
        for line in quote.lines[1:]
    ]
    try:
        return explain_trace(quote.price_trace, at=quote.issued_at, options=options)
    except ProductNotFound:
        return None
