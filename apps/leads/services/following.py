"""Follow leads up until they end."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User
from apps.events.api import LeadEnded
from apps.kernel.api import outbox
from apps.leads import conf, policies
from apps.leads.errors import InvalidFollowUp, ReasonRequired
from apps.leads.models import Assignment, ContactReveal, FollowUp, Lead
from apps.leads.services.locks import lock_lead, lock_open_lead
from apps.leads.states import BY_SELLERS, LEAD, SPOKEN, UNCONTACTED, AssignmentRule, FollowUpKind, LostReason

LONGEST_NOTE, LONGEST_STEP, LONGEST_REASON = 500, 200, 200


@transaction.atomic
def follow_up(
    *,
    lead_id: int,
    organization_id: int,
    kind: str,
    note: str = "",
    next_step: str = "",
    next_at: datetime | None = None,
    by: User,
    now: datetime,
) -> FollowUp:
    """
    Write down what was done about a lead, and when the next step is due (in two days, if nobody says).

    Who was spoken to is in contact; the clock is the next step's from then on. Whoever speaks to somebody nobody owned
    owns the lead. A person reached by phone has a verified number.

    :raises InvalidFollowUp: if the kind is unknown, a note has no text, or the next step is past or too far off
    :raises LeadNotFound: if it is not the dealer's
    :raises LeadClosed: if it is closed
    """
    words = policies.clean(note, most=LONGEST_NOTE)
    _check(kind, words, next_at, now=now)
    lead = lock_open_lead(lead_id, organization_id=organization_id)
    step = policies.clean(next_step, most=LONGEST_STEP)
    entry = FollowUp.objects.create(lead=lead, kind=kind, note=words, next_step=step, next_at=next_at, by=by, at=now)
    if kind in SPOKEN and lead.status in UNCONTACTED:
        _begin_contact(lead, by=by, now=now)
    if kind == FollowUpKind.CALL_REACHED and not lead.is_phone_verified:
        _verify_phone(lead)
    if lead.status not in UNCONTACTED:
        lead.due_at, lead.next_step = next_at or now + conf.NEXT_STEP, step
        lead.escalated_at = None
        lead.save(update_fields=["due_at", "next_step", "escalated_at"])
    elif step:
        # A missed call is no word with the person: the clock of the first word runs on.
        lead.next_step = step
        lead.save(update_fields=["next_step"])
    return entry


@transaction.atomic
def qualify_lead(*, lead_id: int, organization_id: int, by: User, now: datetime) -> Lead:
    """
    Note that somebody wants to buy.

    :raises LeadNotFound: if it is not the dealer's
    :raises MoveNotAllowed: if nobody has spoken to the person yet, or the lead is closed
    """
    lead = lock_lead(lead_id, organization_id=organization_id)
    return LEAD.move(lead, "qualify", by=by, at=now)


@transaction.atomic
def win_lead(*, lead_id: int, organization_id: int, note: str = "", by: User, now: datetime) -> Lead:
    """
    Note that somebody bought.

    :raises LeadNotFound: if it is not the dealer's
    :raises MoveNotAllowed: if nobody has spoken to the person yet, or the lead is closed
    """
    lead = lock_lead(lead_id, organization_id=organization_id)
    return _close(lead, "win", note=note, by=by, now=now)


@transaction.atomic
def lose_lead(*, lead_id: int, organization_id: int, lost_reason: str, note: str = "", by: User, now: datetime) -> Lead:
    """
    Close a lead that came to nothing.

    :raises ReasonRequired: without one of LostReason
    :raises LeadNotFound: if it is not the dealer's
    :raises MoveNotAllowed: if it is closed
    """
    if lost_reason not in LostReason.values:
        raise ReasonRequired(fields={"lost_reason": [str(ReasonRequired.message)]})
    lead = lock_lead(lead_id, organization_id=organization_id)
    return _close(lead, "lose", note=note, lost_reason=lost_reason, by=by, now=now)


@transaction.atomic
def reopen_lead(*, lead_id: int, organization_id: int, by: User, now: datetime) -> Lead:
    """
    Take up a lost lead again; its next step is due in two days.

    :raises LeadNotFound: if it is not the dealer's
    :raises MoveNotAllowed: if it is not lost
    """
    lead = lock_lead(lead_id, organization_id=organization_id)
    lead.due_at, lead.owner = now + conf.NEXT_STEP, lead.owner or by
    lead.save(update_fields=["due_at", "owner"])
    LEAD.move(lead, "reopen", by=by, at=now)
    lead.closed_at, lead.lost_reason = None, ""
    lead.save(update_fields=["closed_at", "lost_reason"])
    return lead


@transaction.atomic
def reveal_phone(*, lead_id: int, organization_id: int, reason: str, by: User, now: datetime) -> str:
    """
    Return the whole phone number of an open lead, and write down who looked at it and why.

    :raises ReasonRequired: without a reason
    :raises LeadNotFound: if it is not the dealer's
    :raises LeadClosed: if it is closed
    """
    why = policies.clean(reason, most=LONGEST_REASON)
    if not why:
        raise ReasonRequired(fields={"reason": [_("This is required.")]})
    lead = lock_open_lead(lead_id, organization_id=organization_id)
    ContactReveal.objects.create(lead=lead, reason=why, by=by, at=now)
    return lead.phone


def _check(kind: str, words: str, next_at: datetime | None, *, now: datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if kind not in BY_SELLERS:
        wrong["kind"] = [_("Please choose what you did.")]
    elif kind == FollowUpKind.NOTE and not words:
        wrong["note"] = [_("Please write the note.")]
    if next_at is not None and not now < next_at <= now + conf.FARTHEST_STEP:
        wrong["next_at"] = [_("Please give a moment within the next six months.")]
    if wrong:
        raise InvalidFollowUp(fields=wrong)


def _verify_phone(lead: Lead) -> None:
    """Note that the number is the person's, unless another open lead has it already: then the two want merging."""
    try:
        with transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(is_phone_verified=True)
    except IntegrityError:
        return
    lead.is_phone_verified = True


def _begin_contact(lead: Lead, *, by: User, now: datetime) -> None:
    lead.contacted_at = now
    if lead.owner_id is None:
        lead.owner = by
        Assignment.objects.create(lead=lead, owner=by, rule=AssignmentRule.BY_HAND, by=by, at=now)
    lead.save(update_fields=["contacted_at", "owner"])
    LEAD.move(lead, "contact", by=by, at=now)


def _close(lead: Lead, move: str, *, note: str, lost_reason: str = "", by: User, now: datetime) -> Lead:
    lead.outcome_note = policies.clean(note, most=LONGEST_REASON)
    lead.lost_reason = lost_reason
    lead.save(update_fields=["outcome_note", "lost_reason"])
    return close_lead(lead, move, by=by, now=now)


def close_lead(lead: Lead, move: str, *, by: User | None, now: datetime) -> Lead:
    """End a locked lead by one of its closing moves, stop its clock and tell of it."""
    lead.closed_at = now
    lead.save(update_fields=["closed_at"])
    LEAD.move(lead, move, by=by, at=now)
    lead.due_at = None
    lead.save(update_fields=["due_at"])
    outbox.record(LeadEnded(lead_id=lead.pk, outcome=lead.status), at=now)
    return lead
