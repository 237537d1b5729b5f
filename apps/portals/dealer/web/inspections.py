"""The inspection before delivery: begin, look, photograph, sign. One form; every button works without a script."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.api import OrganizationKind, Role, current_organization, require_roles
from apps.kernel.api import DomainError, NotFound, private_files
from apps.orders.api import (
    Answer,
    FulfilmentStatus,
    Inspection,
    InspectionItem,
    InspectionStatus,
    Result,
    Section,
    access_inspection,
    add_photo,
    answer_items,
    gaps_of,
    open_inspections,
    sign_inspection,
)
from apps.orders.errors import InvalidInspection
from apps.portals.dealer.drawn import read_drawn
from apps.portals.dealer.forms import PICTURES, SignForm


@require_POST
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def begin(request: HttpRequest, fulfilment_id: int) -> HttpResponse:
    """Open the inspections of a fulfilment's cars and go to the first that is not signed."""
    organization = current_organization(request, OrganizationKind.DEALER)
    try:
        found = open_inspections(
            fulfilment_id=fulfilment_id, organization_id=organization.pk, by=request.user, now=timezone.now()
        )
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return redirect("dealer-order", fulfilment_id)
    first = next((one for one in found if one.status == InspectionStatus.OPEN), found[0])
    return redirect("dealer-inspection", first.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_roles(Role.DEALER_MANAGER, Role.DEALER_CLERK)
def inspection(request: HttpRequest, inspection_id: int) -> HttpResponse:
    """Show the checklist of one car; keep what was found; sign."""
    organization = current_organization(request, OrganizationKind.DEALER)
    found = _open(inspection_id, organization.pk)
    form = SignForm(initial={"name": request.user.get_full_name()})
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        wants_to_sign = "sign" in request.POST
        form = SignForm(request.POST)
        try:
            _keep(request, found, organization.pk)
            if not wants_to_sign:
                messages.success(request, _("Saved."))
                return redirect("dealer-inspection", found.pk)
            if form.is_valid():
                return _sign(request, found, form, organization.pk)
        except DomainError as refusal:
            errors = refusal.fields
            for words in refusal.fields.get("drawn") or [str(refusal)]:
                form.add_error(None, words)
        status = 422
        # What was typed is kept even where one answer was refused.
        found = _open(inspection_id, organization.pk)
        _lay_over(found, request)
    return render(request, "portals/dealer/inspection.html", _context(request, found, form, errors), status=status)


def _open(inspection_id: int, organization_id: int) -> Inspection:
    try:
        return access_inspection(inspection_id=inspection_id, organization_id=organization_id)
    except NotFound:
        raise Http404 from None


def _keep(request: HttpRequest, found: Inspection, organization_id: int) -> None:
    """Keep the answers and photos a form brought."""
    who = {"organization_id": organization_id, "by": request.user, "now": timezone.now()}
    answer_items(inspection_id=found.pk, answers=_answers(found, request), **who)
    for item in found.items.all():
        for upload in request.FILES.getlist(f"photo-{item.code}")[:8]:
            add_photo(inspection_id=found.pk, code=item.code, upload=upload, **who)


def _answers(found: Inspection, request: HttpRequest) -> list[Answer]:
    def read(name: str, item: InspectionItem) -> str:
        return request.POST.get(f"{name}-{item.code}", "")[:600].replace("\x00", "")

    return [
        Answer(
            code=item.code,
            result=read("result", item) or item.result,
            note=read("note", item),
            repair_note=read("repair", item),
        )
        for item in found.items.all()
    ]


def _sign(request: HttpRequest, found: Inspection, form: SignForm, organization_id: int) -> HttpResponse:
    fulfilment = sign_inspection(
        inspection_id=found.pk,
        organization_id=organization_id,
        name=form.cleaned_data["name"],
        signature=read_drawn(form.cleaned_data["drawn"], refusal=InvalidInspection),
        by=request.user,
        now=timezone.now(),
    )
    is_passed = fulfilment.status == FulfilmentStatus.PDI_PASSED
    text = _("Inspected and signed.") if is_passed else _("Signed. Another car of this order waits for its inspection.")
    messages.success(request, text)
    return redirect("dealer-order", fulfilment.pk)


def _lay_over(found: Inspection, request: HttpRequest) -> None:
    """Put what was typed over what is kept, for the page to show it again."""
    answers = {answer.code: answer for answer in _answers(found, request)}
    for item in found.items.all():
        typed = answers[item.code]
        item.result, item.note, item.repair_note = typed.result, typed.note, typed.repair_note


def _context(request: HttpRequest, found: Inspection, form: SignForm, errors: dict[str, list[str]]) -> dict:
    now = timezone.now()
    gaps = gaps_of(found, with_photos=True)
    items = list(found.items.all())

    def link(file) -> str:
        return private_files.signed_url(file=file, viewer=request.user, now=now)

    shown = [
        {
            "item": item,
            "photos": [link(photo.file) for photo in item.photos.all()],
            "error": (errors.get(item.code) or [""])[0],
            "gap": gaps.get(item.code),
        }
        for item in items
    ]
    sections = [(Section(code).label, list(rows)) for code, rows in groupby(shown, key=lambda row: row["item"].section)]
    return {
        "inspection": found,
        "fulfilment": found.fulfilment,
        "sections": sections,
        "results": Result.choices,
        "done": len(items) - len(gaps),
        "total": len(items),
        "form": form,
        "named": [(row["item"], row["error"]) for row in shown if row["error"]],
        "is_open": found.status == InspectionStatus.OPEN,
        "signature": link(found.signature) if found.signature else "",
        "pictures": PICTURES,
    }
