"""Open a lead, once per person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.api import User, normalize_phone
from apps.catalog.api import Configuration, ProductInfo, UnknownConfiguration
from apps.dealers.api import Store, get_store
from apps.events.api import LeadOpened
from apps.kernel.api import blind_index, outbox
from apps.leads import conf, policies
from apps.leads.errors import ConsentRequired, InvalidContact, TooManyLeads
from apps.leads.models import PHONE_INDEX, FollowUp, Lead
from apps.leads.services.assigning import give_in_turn
from apps.leads.services.locks import lock_phone
from apps.leads.states import OPEN, UNCONTACTED, FollowUpKind, LeadSource

LONGEST_NAME, LONGEST_MESSAGE, LONGEST_INTEREST = 60, 500, 255


@dataclass(frozen=True, kw_only=True)
class Interest:
    """What somebody is interested in: words in both languages, and the car or the configuration, where there is one."""

    name_zh: str
    name_en: str
    product_id: int | None = None
    configuration_id: UUID | None = None


@transaction.atomic
def open_lead(
    *,
    source: LeadSource,
    store_id: int,
    name: str,
    phone: str,
    has_consent: bool,
    interest: Interest,
    message: str = "",
    member: User | None = None,
    by: User | None,
    now: datetime,
) -> Lead:
    """
    Pass somebody's interest on to a store; the seller whose turn it is gets it, with a clock.

    ``member`` is the signed-in person the lead is about. Where the phone number is verified and an open lead of the
    same dealer has it, that lead goes on and is returned: the person asked again.

    :raises ConsentRequired: if the person did not agree to be contacted
    :raises InvalidContact: without a name or with an impossible phone number
    :raises UnknownStore: if there is no such open store
    :raises TooManyLeads: if the number asked LEAD_MOST_A_DAY times within 24 hours
    """
    if not has_consent:
        raise ConsentRequired(fields={"consent": [str(ConsentRequired.message)]})
    shown_name, number = _read_contact(name, phone)
    store = get_store(store_id)
    index = blind_index(number, purpose=PHONE_INDEX)
    lock_phone(index)
    if _times_asked(index, now=now) >= conf.most_a_day():
        raise TooManyLeads(most=conf.most_a_day())
    is_verified = member is not None and member.is_phone_verified and member.phone == number
    words = policies.clean(message, most=LONGEST_MESSAGE)
    known = _find_known(store, index) if is_verified else None
    if known is not None:
        return _ask_again(known, interest, words, by=by, now=now)
    lead = Lead.objects.create(
        organization_id=store.dealer.organization_id,
        store=store,
        source=source,
        member=member,
        name=shown_name,
        phone=number,
        phone_index=index,
        is_phone_verified=is_verified,
        consent_version=policies.CONSENT_VERSION,
        consent_text=str(policies.CONSENT),
        consent_at=now,
        message=words,
        score=policies.score(
            source=source,
            is_configured=interest.configuration_id is not None,
            is_verified=is_verified,
            is_member=member is not None,
            wrote=bool(words),
        ),
        due_at=first_word_due(store, now=now),
        created_at=now,
        **_columns(interest),
    )
    outbox.record(
        LeadOpened(lead_id=lead.pk, organization_id=lead.organization_id, store_id=store.pk, source=str(source)), at=now
    )
    give_in_turn(lead, by=by, now=now)
    return lead


def first_word_due(store: Store, *, now: datetime) -> datetime:
    """Return until when a seller of a store must have spoken to somebody who asks now."""
    return policies.due_after(
        now, minutes=conf.contact_minutes(), opening_hours=store.opening_hours, time_zone=store.time_zone
    )


def interest_in(*, product_id: int | None = None, configuration_id: UUID | None = None) -> Interest:
    """
    Return an interest in a car of the catalog, as configured, with its names in both languages.

    :raises UnknownConfiguration: if there is no such car or configuration
    """
    if configuration_id is not None:
        product_id = Configuration.objects.filter(pk=configuration_id).values_list("product_id", flat=True).first()
    info = ProductInfo.objects.select_related("product").filter(product_id=product_id).first() if product_id else None
    if info is None:
        raise UnknownConfiguration(configuration_id=str(configuration_id or ""))
    return Interest(
        name_zh=info.product.title, name_en=info.title_en, product_id=product_id, configuration_id=configuration_id
    )


def _read_contact(name: str, phone: str) -> tuple[str, str]:
    shown_name, number = policies.clean(name, most=LONGEST_NAME), normalize_phone(phone)
    wrong: dict[str, list[str]] = {}
    if not shown_name:
        wrong["name"] = [_("Please give a name.")]
    if number is None:
        wrong["phone"] = [_("Please give a valid phone number.")]
    if wrong or number is None:
        raise InvalidContact(fields=wrong)
    return shown_name, number


def _times_asked(index: str, *, now: datetime) -> int:
    since = now - timedelta(days=1)
    opened = Lead.objects.filter(phone_index=index, created_at__gt=since).count()
    again = FollowUp.objects.filter(lead__phone_index=index, kind=FollowUpKind.ASKED_AGAIN, at__gt=since).count()
    return opened + again


def _find_known(store: Store, index: str) -> Lead | None:
    return (
        Lead.objects.select_for_update(of=("self",), no_key=True)
        .filter(organization=store.dealer.organization_id, phone_index=index, is_phone_verified=True, status__in=OPEN)
        .first()
    )


def _ask_again(lead: Lead, interest: Interest, words: str, *, by: User | None, now: datetime) -> Lead:
    """Let an open lead go on: what the person wants now counts, and the clock is the nearer of the two."""
    for column, value in _columns(interest).items():
        setattr(lead, column, value)
    lead.times_asked += 1
    lead.score = min(lead.score + policies.ASKED_AGAIN, policies.MOST_POINTS)
    lead.message = words or lead.message
    if lead.status not in UNCONTACTED:
        lead.due_at = min(lead.due_at or now, first_word_due(lead.store, now=now))
    lead.save(update_fields=[*_columns(interest), "times_asked", "score", "message", "due_at"])
    FollowUp.objects.create(lead=lead, kind=FollowUpKind.ASKED_AGAIN, note=words, by=by, at=now)
    return lead


def _columns(interest: Interest) -> dict[str, object]:
    return {
        "product_id": interest.product_id,
        "configuration_id": interest.configuration_id,
        "interest_zh": interest.name_zh[:LONGEST_INTEREST],
        "interest_en": interest.name_en[:LONGEST_INTEREST],
    }
