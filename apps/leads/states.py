"""Where a lead stands, where it came from, what was done about it and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.kernel.api import Lifecycle


class LeadStatus(models.TextChoices):
    """How far a dealer has come with somebody who is interested."""

    NEW = "NEW", pgettext_lazy("lead", "New")  # nobody owns it: the store has no seller
    ASSIGNED = "ASSIGNED", pgettext_lazy("lead", "To be contacted")  # a seller owns it, nobody has spoken to the person
    CONTACTED = "CONTACTED", pgettext_lazy("lead", "In contact")  # spoken with
    QUALIFIED = "QUALIFIED", pgettext_lazy("lead", "Wants to buy")  # a test drive or a quote is agreed
    WON = "WON", pgettext_lazy("lead", "Won")  # bought
    LOST = "LOST", pgettext_lazy("lead", "Lost")  # did not buy; the reason is kept
    MERGED = "MERGED", pgettext_lazy("lead", "Merged")  # the same person's other lead goes on


class LeadSource(models.TextChoices):
    """Where a lead came from."""

    CONFIGURATOR = "CONFIGURATOR", _("Configurator")
    VEHICLE_PAGE = "VEHICLE_PAGE", _("Vehicle page")
    TEST_DRIVE = "TEST_DRIVE", _("Test drive")
    CHAT = "CHAT", _("Chat")
    PHONE = "PHONE", _("Phone call")
    WALK_IN = "WALK_IN", _("Walk-in")


class FollowUpKind(models.TextChoices):
    """What a seller did."""

    CALL_REACHED = "CALL_REACHED", _("Called, reached")
    CALL_MISSED = "CALL_MISSED", _("Called, not reached")
    MESSAGE = "MESSAGE", _("Sent a message")
    VISIT = "VISIT", _("Visited the store")
    TEST_DRIVE = "TEST_DRIVE", _("Drove the car")
    QUOTE = "QUOTE", _("Got a quote")
    NOTE = "NOTE", pgettext_lazy("lead", "Note")
    ASKED_AGAIN = "ASKED_AGAIN", _("Asked again online")  # written by the suite, never by a seller


class LostReason(models.TextChoices):
    """Why somebody did not buy."""

    PRICE = "PRICE", _("Price")
    OTHER_BRAND = "OTHER_BRAND", _("Bought another brand")
    OTHER_DEALER = "OTHER_DEALER", _("Bought at another dealer")
    NO_NEED = "NO_NEED", _("No longer interested")
    UNREACHABLE = "UNREACHABLE", _("Could not be reached")
    NOT_REAL = "NOT_REAL", _("Not a real request")


class AssignmentRule(models.TextChoices):
    """Why a lead belongs to whom it belongs to."""

    ROUND_ROBIN = "ROUND_ROBIN", _("In turn")
    OVERDUE = "OVERDUE", _("The seller before let the time pass")
    BY_HAND = "BY_HAND", _("By hand")


S = LeadStatus
OPEN = (S.NEW, S.ASSIGNED, S.CONTACTED, S.QUALIFIED)
UNCONTACTED = (S.NEW, S.ASSIGNED)
LEAD = Lifecycle(
    name="leads.lead",
    moves={
        "assign": ({S.NEW}, S.ASSIGNED),
        "contact": ({S.NEW, S.ASSIGNED}, S.CONTACTED),
        "qualify": ({S.CONTACTED}, S.QUALIFIED),
        "win": ({S.CONTACTED, S.QUALIFIED}, S.WON),
        "lose": (set(OPEN), S.LOST),
        "merge": (set(OPEN), S.MERGED),
        "reopen": ({S.LOST}, S.CONTACTED),
    },
)
# What a follow-up of this kind proves: somebody spoke with the person.
SPOKEN = (FollowUpKind.CALL_REACHED, FollowUpKind.VISIT, FollowUpKind.TEST_DRIVE, FollowUpKind.QUOTE)
BY_SELLERS = tuple(kind for kind in FollowUpKind if kind != FollowUpKind.ASKED_AGAIN)
# A dealer writes these down itself; the others come from the shop.
BY_DEALERS = (LeadSource.WALK_IN, LeadSource.PHONE, LeadSource.CHAT, LeadSource.TEST_DRIVE)
