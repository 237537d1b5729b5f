"""An application from its start until it is handed in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.api import Language, Organization, User, create_organization, normalize_phone
from apps.kernel.api import ports, random_letters
from apps.onboarding import policies
from apps.onboarding.errors import (
    ApplicationClosed,
    ContactNotConfirmed,
    DeadlinePassed,
    EntryInvalid,
    InvitedAlready,
    RequirementMissing,
    TaxNumberTaken,
    TooManyApplications,
    UnknownApplication,
)
from apps.onboarding.models import Application
from apps.onboarding.ports import Applicant, applicant_port
from apps.onboarding.selectors import Standing, day_of, find_open_application, list_standings, read_link
from apps.onboarding.services import letters
from apps.onboarding.services.attempts import attempted, noted
from apps.onboarding.states import APPLICATION, OPEN_TO_APPLICANT, Action, ApplicantKind, ApplicationStatus

S = ApplicationStatus
MOST_STARTED_AN_HOUR = 20
MOST_OPEN_OF_ONE_CONTACT = 5
DRAFT_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}\.[a-z][a-z0-9_]{0,39}")
MOST_DRAFT_FIELDS = 120
MOST_DRAFT_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom we talk to about an application."""

    name: str
    email: str
    phone: str = ""
    language: str = Language.ZH_HANS


@noted(Action.START)
def start_application(
    *, kind: str, name_zh: str, contact: Contact, by: User | None, now: datetime, ip: str | None = None
) -> Application:
    """
    Begin an application that somebody asked for themselves, and send the link back into it.

    Whoever is signed in needs no link: their address is known to be theirs.

    :raises EntryInvalid: if the company or the contact is not given as it must be
    :raises TooManyApplications: if this contact, or this address of the network, begins too many
    """
    contact = _checked(contact, name_zh)
    _check_crowd(contact, ip=ip, now=now)
    application = _open(kind, name_zh, contact, S.APPLIED, by=by, now=now)
    application.applicant = by
    application.started_from = ip
    application.save(update_fields=["applicant", "started_from"])
    if by is not None:
        return _confirm(application, by=by, now=now)
    letters.send_link(application, now=now)
    return application


@noted(Action.INVITE)
def invite_applicant(*, kind: str, name_zh: str, contact: Contact, by: User, now: datetime) -> Application:
    """
    Ask a company to apply: its row is INVITED, its contact gets the link.

    :raises EntryInvalid: if the company or the contact is not given as it must be
    :raises InvitedAlready: if this contact has an open application
    """
    contact = _checked(contact, name_zh)
    known = find_open_application(email=contact.email)
    if known is not None:
        raise InvitedAlready(number=known.number)
    application = _open(kind, name_zh, contact, S.INVITED, by=by, now=now)
    application.invited_by = by
    application.save(update_fields=["invited_by"])
    context = {"link": letters.link_of(application)}
    letters.tell_applicant(
        application, "application_invited", f"application_invited:{application.pk}", context, now=now
    )
    return application


def open_link(*, token: str, by: User | None, now: datetime) -> Application:
    """
    Follow the link of a message: the contact is confirmed, the application goes on.

    :raises UnknownApplication: if the link is forged, too old, or was replaced
    """
    application = read_link(token=token)
    if application.contact_confirmed_at is not None:
        return application
    return confirm_contact(application_id=application.pk, by=by, now=now)


@attempted(Action.CONFIRM)
def confirm_contact(*, application_id: int, by: User | None, now: datetime) -> Application:
    """Believe the contact's address: somebody opened the link we sent there."""
    return _confirm(lock(application_id), by=by, now=now)


@transaction.atomic
def resend_link(*, email: str, now: datetime) -> None:
    """Send a contact the link to its newest open application; silent where there is none, so that nobody can ask."""
    application = find_open_application(email=email.strip())
    if application is not None and application.closed_at is None:
        letters.send_link(application, now=now)


@transaction.atomic
def save_draft(*, application_id: int, fields: Mapping[str, str], by: User | None, now: datetime) -> Application:
    """
    Keep what was typed, right or wrong: ``section.field`` → text. Only the fields given change.

    The row is locked while the fields are laid over the draft, so that two windows keep each other's words.

    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    :raises EntryInvalid: if this is no draft of our forms
    """
    application = lock(application_id)
    check_open(application, now=now)
    draft = {**application.draft, **fields}
    is_ours = all(DRAFT_KEY.fullmatch(key) and len(text) <= MOST_DRAFT_TEXT for key, text in fields.items())
    if not is_ours or len(draft) > MOST_DRAFT_FIELDS:
        raise EntryInvalid
    _write_draft(application, draft, now=now)
    return application


@attempted(Action.DESCRIBE)
def describe_company(
    *,
    application_id: int,
    name_zh: str,
    name_en: str = "",
    region: str = "",
    address: str = "",
    business: str = "",
    by: User | None,
    now: datetime,
) -> Application:
    """
    Write down what the company is called, where it is and what it does.

    :raises EntryInvalid: if a name, the place or the business is missing or too long
    :raises ApplicationClosed: if the applicant can no longer write in it
    :raises DeadlinePassed: if its time is over
    """
    application = lock(application_id)
    check_open(application, now=now)
    values = {"name_zh": name_zh, "name_en": name_en, "region": region, "address": address, "business": business}
    values = {name: " ".join(text.split()) for name, text in values.items()}
    faults = {
        name: [_("This is required.")] for name in ("name_zh", "region", "address", "business") if not values[name]
    }
    for name, text in values.items():
        most = Application._meta.get_field(name).max_length or 0
        if len(text) > most:
            faults[name] = [_("At most %(most)s characters.") % {"most": most}]
    if faults:
        raise EntryInvalid(fields=faults)
    for name, text in values.items():
        setattr(application, name, text)
    application.save(update_fields=list(values))
    forget_draft(application, "company", now=now)
    adapter(application).describe(
        organization_id=application.organization_id,
        name_zh=application.name_zh,
        name_en=application.name_en,
        uscc="",
    )
    return application


@attempted(Action.SUBMIT)
def submit_application(*, application_id: int, by: User | None, now: datetime) -> Application:
    """
    Hand the application in for review.

    :raises ContactNotConfirmed: if nobody opened the link we sent
    :raises RequirementMissing: if the company is not described, or something required is missing or has run out
    :raises TaxNumberTaken: if another application or applicant has the tax number
    :raises DeadlinePassed: if its time is over
    :raises ApplicationClosed: if it is not the applicant's turn
    """
    application = lock(application_id)
    check_open(application, now=now)
    if application.contact_confirmed_at is None:
        raise ContactNotConfirmed
    standings = list_standings(application)
    missing = missing_parts(application, standings, now=now)
    if missing:
        names = [_("Company details") if code == "company" else _name_of(code, standings) for code in missing]
        raise RequirementMissing(missing=missing, names=", ".join(names))
    if adapter(application).has_tax_number(uscc=application.uscc, except_organization_id=application.organization_id):
        raise TaxNumberTaken
    application.submitted_at = now
    application.note = ""
    application.save(update_fields=["submitted_at", "note"])
    try:
        with transaction.atomic():
            APPLICATION.move(application, "submit", by=by, at=now)
    except IntegrityError as conflict:
        # The partial unique constraint decides which of two applications with one number comes in.
        raise TaxNumberTaken from conflict
    move_applicant(application, "submit", reason="", by=by, now=now)
    return application


def missing_parts(application: Application, standings: list[Standing], *, now: datetime) -> list[str]:
    """What keeps an application from being submitted, by code; ``company`` for the company's details."""
    missing = [] if application.region and application.address and application.business else ["company"]
    missing += policies.list_missing([standing.need for standing in standings], today=day_of(now))
    for standing in standings:
        contract = getattr(standing.latest, "contract", None)
        # A contract names its party: signed for another name or number it is no contract of this company.
        is_stale = contract is not None and (contract.party_name, contract.party_uscc) != (
            application.name_zh,
            application.uscc,
        )
        if is_stale and standing.requirement.code not in missing:
            missing.append(standing.requirement.code)
    return missing


def lock(application_id: int) -> Application:
    """
    The application, locked until the transaction ends: everybody who changes it comes by here.

    :raises UnknownApplication: if there is none
    """
    application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise UnknownApplication
    return application


def check_open(application: Application, *, now: datetime) -> None:
    """
    Let the applicant write.

    :raises ApplicationClosed: if it is being reviewed or was rejected; an approved one takes renewals only
    :raises DeadlinePassed: if its time is over
    """
    if application.status not in OPEN_TO_APPLICANT:
        raise ApplicationClosed
    if application.closed_at is not None or (application.deadline_at is not None and application.deadline_at <= now):
        raise DeadlinePassed


def forget_draft(application: Application, section: str, *, now: datetime) -> None:
    """Forget the typed words of a section: it was handed in."""
    draft = {key: text for key, text in application.draft.items() if not key.startswith(f"{section}.")}
    _write_draft(application, draft, now=now)


def adapter(application: Application) -> Applicant:
    """Who keeps this kind of applicant's own row."""
    found: Applicant = ports.adapter(applicant_port(application.kind))
    return found


def move_applicant(application: Application, move: str, *, reason: str, by: User | None, now: datetime) -> None:
    """Move the applicant's own status along."""
    adapter(application).move(organization_id=application.organization_id, move=move, reason=reason, by=by, now=now)


def new_number() -> str:
    """A number that nobody can guess, for the applicant and us to talk about."""
    return "A" + random_letters(9)


def _open(
    kind: str, name_zh: str, contact: Contact, status: ApplicationStatus, *, by: User | None, now: datetime
) -> Application:
    kind = ApplicantKind(kind)
    number = new_number()
    name = " ".join(name_zh.split())
    organization: Organization = create_organization(
        kind=kind.value, code=f"{kind.value[:3]}-{number}", name_zh=name, name_en=name, by=by, now=now
    )
    application = Application.objects.create(
        number=number,
        kind=kind,
        organization=organization,
        status=status,
        name_zh=name,
        contact_name=contact.name,
        contact_email=contact.email,
        contact_phone=contact.phone,
        language=contact.language,
        started_at=now,
        deadline_at=now + policies.TIME_TO_COMPLETE,
    )
    adapter(application).open(
        organization_id=organization.pk, name_zh=name, name_en=name, status=status.value, by=by, now=now
    )
    return application


def _confirm(application: Application, *, by: User | None, now: datetime) -> Application:
    if application.contact_confirmed_at is None:
        application.contact_confirmed_at = now
        application.save(update_fields=["contact_confirmed_at"])
    if APPLICATION.can(application, "onboard"):
        APPLICATION.move(application, "onboard", by=by, at=now)
        move_applicant(application, "onboard", reason="", by=by, now=now)
    return application


def _checked(contact: Contact, name_zh: str) -> Contact:
    faults: dict[str, list[str]] = {}
    name, person = " ".join(name_zh.split()), " ".join(contact.name.split())
    if not 2 <= len(name) <= 120:
        faults["name_zh"] = [_("Please give the company's full name, at most 120 characters.")]
    if not 1 <= len(person) <= 60:
        faults["contact_name"] = [_("Please give a name, at most 60 characters.")]
    email = contact.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        faults["contact_email"] = [_("Please give a valid e-mail address.")]
    phone = normalize_phone(contact.phone) if contact.phone else ""
    if phone is None or (contact.phone and not phone):
        faults["contact_phone"] = [_("Please give a valid phone number.")]
    if faults:
        raise EntryInvalid(fields=faults)
    language = contact.language if contact.language in Language.values else Language.ZH_HANS
    return Contact(name=person, email=email, phone=phone or "", language=language)


def _check_crowd(contact: Contact, *, ip: str | None, now: datetime) -> None:
    open_ones = Application.objects.filter(contact_email=contact.email, status__in=[s.value for s in OPEN_TO_APPLICANT])
    since = now - timedelta(hours=1)
    from_here = Application.objects.filter(started_from=ip, started_at__gt=since) if ip else Application.objects.none()
    if open_ones.count() >= MOST_OPEN_OF_ONE_CONTACT or from_here.count() >= MOST_STARTED_AN_HOUR * settings.CROWD:
        raise TooManyApplications


def _write_draft(application: Application, draft: Mapping[str, str], *, now: datetime) -> None:
    application.draft_json = json.dumps(dict(draft), ensure_ascii=False) if draft else ""
    application.saved_at = now
    application.save(update_fields=["draft_json", "saved_at"])


def _name_of(code: str, standings: list[Standing]) -> str:
    return next(standing.requirement.name for standing in standings if standing.requirement.code == code)
