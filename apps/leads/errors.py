"""Refusals of leads."""

from django.utils.translation import gettext_lazy as _

from apps.kernel.errors import BadRequest, Conflict, NotFound, Refused


class LeadNotFound(NotFound):
    """No such lead, or another dealer's: both read alike."""

    code = "not_found"
    message = _("There is no such lead.")


class QuoteNotFound(NotFound):
    """No such quote, or another dealer's: both read alike."""

    code = "not_found"
    message = _("There is no such quote.")


class ConsentRequired(Refused):
    """Nobody is called who did not agree to it."""

    code = "consent_required"
    message = _("We may only pass your request on if you agree to be contacted.")


class InvalidContact(Refused):
    """The name or phone number cannot be right; ``fields`` says which."""

    code = "invalid_contact"
    message = _("Please check how the store can reach you.")


class TooManyLeads(Conflict):
    """This phone number asked too often today. Context: ``most``."""

    code = "too_many_leads"
    message = _("You have asked us %(most)s times today. The store will call you.")


class UnknownSeller(Refused):
    """Not somebody who takes leads at this dealer."""

    code = "unknown_seller"
    message = _("This person does not take leads here.")


class InvalidFollowUp(BadRequest):
    """The entry cannot be kept as it is; ``fields`` says why."""

    code = "invalid_follow_up"
    message = _("Please check what you entered.")


class ReasonRequired(BadRequest):
    """A lost lead, a hand-over to a colleague and a look at a phone number need a reason."""

    code = "reason_required"
    message = _("Please give a reason.")


class LeadClosed(Conflict):
    """The lead is closed; nothing more is done about it, and the person's data stay hidden."""

    code = "lead_closed"
    message = _("This lead is closed.")


class NotTheSamePerson(Refused):
    """Leads are merged only if a verified phone number says that they are one person's."""

    code = "not_the_same_person"
    message = _("These leads cannot be merged: no verified phone number says that they are one person's.")


class InvalidQuote(BadRequest):
    """The quote cannot be written as asked; ``fields`` says why."""

    code = "invalid_quote"
    message = _("Please check what you entered.")


class PriceBelowAllowed(Refused):
    """A store offers less than its dealer's level allows. Context: ``lowest``, ``price``, ``rate``."""

    code = "price_below_allowed"
    message = _("The lowest price your level allows is %(lowest)s.")
