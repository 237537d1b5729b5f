"""Tables of leads, by noun."""

from apps.leads.models.leads import PHONE_INDEX, Assignment, ContactReveal, FollowUp, Lead, SellerTurn, StoreSeller
from apps.leads.models.quotes import Quote

__all__ = [
    "PHONE_INDEX",
    "Assignment",
    "ContactReveal",
    "FollowUp",
    "Lead",
    "Quote",
    "SellerTurn",
    "StoreSeller",
]
