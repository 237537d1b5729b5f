"""Messages to applicants and members; each has a key, so that nobody reads the same twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.accounts.api import OrganizationMember, Role, User
from apps.notifications.api import TEMPLATES, Channel, queue_message
from apps.onboarding.models import Application
from apps.onboarding.selectors import write_link
from apps.onboarding.states import ApplicantKind

# Asked for twice within this time, a link is sent once.
LINK_REST = timedelta(minutes=2)
# Who of an organization hears about its papers.
ADDRESSEES = {ApplicantKind.SUPPLIER: Role.SUPPLIER, ApplicantKind.DEALER: Role.DEALER_MANAGER}


def send_link(application: Application, *, now: datetime) -> None:
    """Send the link that leads back into the application, by e-mail and, if a phone is known, by SMS."""
    slot = int(now.timestamp() // LINK_REST.total_seconds())
    key = f"application_link:{application.pk}:{application.link_version}:{slot}"
    tell_applicant(application, "application_link", key, {"link": link_of(application)}, now=now)


def link_of(application: Application) -> str:
    """The address that opens an application."""
    return settings.SITE_URL + reverse("onboarding:open", args=[write_link(application)])


def tell_applicant(
    application: Application, template: str, key: str, context: Mapping[str, Any], *, now: datetime
) -> None:
    """Queue one message to the contact, by every channel it has."""
    values = {"number": application.number, "company": application.name_zh, **context}
    addresses = {Channel.EMAIL: application.contact_email, Channel.SMS: application.contact_phone}
    for channel, to in addresses.items():
        if to and channel in TEMPLATES[template].channels:
            queue_message(
                template=template,
                channel=channel,
                to=to,
                language=application.language,
                context=values,
                dedupe_key=f"{key}:{channel}",
                user_id=application.applicant_id,
                now=now,
            )


def tell_members(
    application: Application, template: str, key: str, context: Mapping[str, Any], *, now: datetime
) -> int:
    """Queue one message to each manager of the organization; the number of people told."""
    people = list_addressees(application)
    for user in people:
        queue_message(
            template=template,
            channel=Channel.EMAIL if user.email else Channel.INBOX,
            to=user.email or str(user.pk),
            language=user.language,
            context={"number": application.number, "company": application.name_zh, **context},
            dedupe_key=f"{key}:{user.pk}",
            user_id=user.pk,
            now=now,
        )
    return len(people)


def list_addressees(application: Application) -> list[User]:
    """Who of an organization hears about its papers."""
    members = OrganizationMember.objects.live().filter(
        organization_id=application.organization_id, role=ADDRESSEES[ApplicantKind(application.kind)].value
    )
    return [member.user for member in members.select_related("user").order_by("pk")]
