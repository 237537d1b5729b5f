"""The file of an organization that came in before there were applications."""

from datetime import datetime

from django.db import transaction

from apps.accounts.api import Language, Organization, User
from apps.onboarding.models import Application
from apps.onboarding.services.applications import new_number
from apps.onboarding.states import ApplicantKind, ApplicationStatus


@transaction.atomic
def open_file(
    *, organization: Organization, uscc: str, contact_name: str, contact_email: str, by: User | None, now: datetime
) -> Application:
    """
    Open the file of an organization that is approved already, so that its papers can be kept; the one there is, if any.

    Two at once make one: the organization's file is unique.
    """
    application, _ = Application.objects.get_or_create(
        organization=organization,
        defaults={
            "number": new_number(),
            "kind": ApplicantKind(organization.kind),
            "status": ApplicationStatus.APPROVED,
            "name_zh": organization.name_zh,
            "name_en": organization.name_en,
            "uscc": uscc,
            "region": "",
            "contact_name": contact_name[:60],
            "contact_email": contact_email,
            "contact_confirmed_at": now,
            "language": Language.ZH_HANS,
            "started_at": now,
            "decided_at": now,
            "decided_by": by,
        },
    )
    return application
