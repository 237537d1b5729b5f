"""Reads of quotes."""

from django.db.models import QuerySet

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
