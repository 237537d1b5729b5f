"""Whom a dealer sees: whoever has an open lead or fulfilment there, once, by phone number."""

from dataclasses import dataclass, field

from apps.accounts.api import mask_phone, normalize_phone
from apps.leads.api import Lead, list_leads
from apps.orders.api import DONE_FULFILMENTS, Fulfilment, FulfilmentStatus, list_fulfilments

MOST = 500


@dataclass(kw_only=True)
class Customer:
    """One person as the dealer sees it now."""

    name: str
    phone: str
    leads: list[Lead] = field(default_factory=list)
    fulfilments: list[Fulfilment] = field(default_factory=list)


def list_customers(organization_id: int) -> list[Customer]:
    """
    List the people with something open, by name; one line per phone number.

    Both lists are short by nature: what is open at one dealer. Numbers are encrypted, so they are compared here.
    """
    found: dict[str, Customer] = {}
    open_ones = list_fulfilments(organization_id).exclude(status__in=(*DONE_FULFILMENTS, FulfilmentStatus.CANCELLED))
    for fulfilment in open_ones.filter(receiver=organization_id)[:MOST]:
        order = fulfilment.order
        number = order.recipient_phone or order.phone
        person = _person(found, order.recipient_name, number, f"order-{order.pk}")
        person.fulfilments.append(fulfilment)
    for lead in list_leads(organization_id)[:MOST]:
        _person(found, lead.name, lead.phone, f"lead-{lead.pk}").leads.append(lead)
    return sorted(found.values(), key=lambda person: person.name)


def _person(found: dict[str, Customer], name: str, number: str, other_key: str) -> Customer:
    key = normalize_phone(number) or other_key
    person = found.setdefault(key, Customer(name=name, phone=mask_phone(number)))
    person.name = person.name or name
    return person
