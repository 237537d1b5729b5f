"""The only door to leads."""

from apps.leads.models import Assignment, ContactReveal, FollowUp, Lead, Quote
from apps.leads.policies import CONSENT, CONSENT_VERSION, warmth
from apps.leads.selectors.leads import (
    access_lead,
    count_overdue,
    list_colleagues,
    list_leads,
    list_sellers,
    list_twins,
)
from apps.leads.selectors.quotes import access_quote, explain_quote_price, list_quotes
from apps.leads.services.assigning import pass_on_overdue, reassign_lead, set_sellers
from apps.leads.services.following import follow_up, lose_lead, qualify_lead, reopen_lead, reveal_phone, win_lead
from apps.leads.services.merging import merge_leads
from apps.leads.services.opening import Interest, interest_in, open_lead
from apps.leads.services.quotes import issue_quote
from apps.leads.states import (
    BY_DEALERS,
    BY_SELLERS,
    LEAD,
    OPEN,
    UNCONTACTED,
    AssignmentRule,
    FollowUpKind,
    LeadSource,
    LeadStatus,
    LostReason,
)

__all__ = [
    "BY_DEALERS",
    "BY_SELLERS",
    "CONSENT",
    "CONSENT_VERSION",
    "LEAD",
    "OPEN",
    "UNCONTACTED",
    "Assignment",
    "AssignmentRule",
    "ContactReveal",
    "FollowUp",
    "FollowUpKind",
    "Interest",
    "Lead",
    "LeadSource",
    "LeadStatus",
    "LostReason",
    "Quote",
    "access_lead",
    "access_quote",
    "count_overdue",
    "explain_quote_price",
    "follow_up",
    "interest_in",
    "issue_quote",
    "list_colleagues",
    "list_leads",
    "list_quotes",
    "list_sellers",
    "list_twins",
    "lose_lead",
    "merge_leads",
    "open_lead",
    "pass_on_overdue",
    "qualify_lead",
    "reassign_lead",
    "reopen_lead",
    "reveal_phone",
    "set_sellers",
    "warmth",
    "win_lead",
]
