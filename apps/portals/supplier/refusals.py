"""What a form refused before any service was asked leaves a trail as well."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.api import OrganizationKind, User, current_organization
from apps.kernel.api import BadRequest, attempts


def note_invalid(request: HttpRequest, form: BaseForm, *, name: str) -> None:
    """Write down that a form could not be read; what is wrong stands beside its fields already."""
    with suppress(BadRequest):
        refuse_form(
            form=name,
            organization_id=current_organization(request, OrganizationKind.SUPPLIER).pk,
            fields={field: [str(text) for text in texts] for field, texts in form.errors.items()},
            by=request.user,
            now=timezone.now(),
        )


@attempts.trailed("supplier_portal.refuse_form", subject="form", keeps=("organization_id",))
def refuse_form(
    *, form: str, organization_id: int, fields: Mapping[str, Sequence[str]], by: User, now: datetime
) -> None:
    """
    Refuse what was filled in, for the trail.

    :raises BadRequest: always
    """
    raise BadRequest(fields=fields)
