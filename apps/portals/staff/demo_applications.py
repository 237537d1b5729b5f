"""The demo's applications, each in another state, walked there by the services that people use."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from apps.accounts.api import Organization, OrganizationKind, User
from apps.onboarding.api import (
    Application,
    Contact,
    Paper,
    RequirementInput,
    Signature,
    Submission,
    accept_submission,
    ask_for_more,
    describe_company,
    find_application_of,
    invite_applicant,
    list_standings,
    open_file,
    open_link,
    reject_application,
    save_draft,
    sign_contract,
    start_application,
    submit_application,
    submit_bank_account,
    submit_paper,
    submit_tax_number,
    write_link,
)
from apps.suppliers.api import get_supplier

HQ = "hq@demo.example"
PAGE = (620, 877)
# Where demo applicants sign from; an address that is nobody's (RFC 5737).
NOWHERE = "192.0.2.8"


def load_applications(data: Mapping[str, Any], *, now: datetime) -> int:
    """Write ``applications.json``; what was written before stays as it is."""
    hq = User.objects.get(email=HQ)
    known = set(Application.objects.values_list("contact_email", flat=True))
    for row in data["applications"]:
        if row["email"] not in known:
            STAGES[row["stage"]](row, hq, now - timedelta(days=row["days_ago"]))
    for row in data["files"]:
        organization = Organization.objects.get(code=row["organization"])
        if find_application_of(organization_id=organization.pk) is None:
            keep = _keep_supplier_papers if organization.kind == OrganizationKind.SUPPLIER else _keep_dealer_papers
            keep(row, organization, hq, now - timedelta(days=300), now)
    return len(data["applications"]) + len(data["files"])


def _invited(row: Mapping[str, Any], hq: User, now: datetime) -> Application:
    return invite_applicant(kind=row["kind"], name_zh=row["name_zh"], contact=_contact(row), by=hq, now=now)


def _draft(row: Mapping[str, Any], hq: User, now: datetime) -> Application:
    application = _begin(row, now)
    _licence(row, application, now, days=row["licence_days"])
    submit_tax_number(**_who(application, now), requirement="tax-number", number=row["uscc"])
    save_draft(
        **_who(application, now), fields={"bank-account.bank": "中国银行杭州滨江支行", "bank-account.account": "6216"}
    )
    return application


def _submitted(row: Mapping[str, Any], hq: User, now: datetime) -> Application:
    application = _begin(row, now)
    _hand_in_everything(row, application, now)
    return submit_application(**_who(application, now))


def _resubmitted(row: Mapping[str, Any], hq: User, now: datetime) -> Application:
    application = _submitted(row, hq, now)
    asked_at, again = now + timedelta(days=2), now + timedelta(days=4)
    ask_for_more(application_id=application.pk, codes=row["asked"], reason=row["reason"], by=hq, now=asked_at)
    _licence(row, application, again, days=row["licence_days"] + 365)
    paper = Paper(number="IATF-0412996", issuer="中质协质量保证中心", valid_until=_day(again, 800))
    _paper(application, "iso-certificate", paper, f"{row['key']}-iso", again)
    return submit_application(**_who(application, again))


def _rejected(row: Mapping[str, Any], hq: User, now: datetime) -> Application:
    application = _submitted(row, hq, now)
    return reject_application(application_id=application.pk, reason=row["reason"], by=hq, now=now + timedelta(days=3))


STAGES: dict[str, Callable[[Mapping[str, Any], User, datetime], Application]] = {
    "invited": _invited,
    "draft": _draft,
    "submitted": _submitted,
    "resubmitted": _resubmitted,
    "rejected": _rejected,
}


def _keep_supplier_papers(
    row: Mapping[str, Any], organization: Organization, hq: User, long_ago: datetime, now: datetime
) -> None:
    """Give an approved supplier papers: one runs out soon, and its renewal waits for headquarters."""
    uscc = get_supplier(organization_id=organization.pk).uscc
    application = _open_file(organization, uscc, hq, long_ago)
    name = organization.code.lower()
    licence = Paper(valid_until=_day(now, row["licence_days"]))
    brand = Paper(issuer=organization.name_zh, valid_until=_day(now, row["brand_days"]))
    for code, paper in (("licence", licence), ("brand-authorization", brand)):
        _accept(application, _paper(application, code, paper, f"{name}-{code}", long_ago), hq, long_ago)
    renewal = Paper(valid_until=_day(now, row["renewal_days"]))
    _paper(application, "licence", renewal, f"{name}-licence-2", now - timedelta(hours=5))


def _keep_dealer_papers(
    row: Mapping[str, Any], organization: Organization, hq: User, long_ago: datetime, now: datetime
) -> None:
    """Give an approved dealer everything that is asked of one, long accepted."""
    application = _open_file(organization, row["uscc"], hq, long_ago)
    until = _day(now, row["paper_days"])
    for standing in list_standings(application):
        kind = standing.requirement
        if standing.is_required and kind.input == RequirementInput.PAPER:
            paper = Paper(issuer=organization.name_zh if kind.asks_issuer else "", valid_until=until)
            name = f"{organization.code.lower()}-{kind.code}"
            _accept(application, _paper(application, kind.code, paper, name, long_ago), hq, long_ago)
    account = submit_bank_account(
        **_who(application, long_ago),
        requirement="bank-account",
        holder=organization.name_zh,
        bank=row["bank"],
        account=row["account"],
    )
    _accept(application, account, hq, long_ago)
    renewed_at = now - timedelta(days=30)
    contract = sign_contract(
        **_who(application, renewed_at),
        requirement="contract",
        version="2026-1",
        signature=Signature(name=row["contact"], title="总经理", has_agreed=True, ip=NOWHERE),
        language="zh-hans",
    )
    _accept(application, contract.submission, hq, renewed_at)


def _open_file(organization: Organization, uscc: str, hq: User, now: datetime) -> Application:
    return open_file(organization=organization, uscc=uscc, contact_name="", contact_email="", by=hq, now=now)


def _accept(application: Application, handed_in: Submission, hq: User, now: datetime) -> None:
    accept_submission(application_id=application.pk, submission_id=handed_in.pk, by=hq, now=now)


def _begin(row: Mapping[str, Any], now: datetime) -> Application:
    started = start_application(kind=row["kind"], name_zh=row["name_zh"], contact=_contact(row), by=None, now=now)
    application = open_link(token=write_link(started), by=None, now=now)
    return describe_company(
        **_who(application, now),
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        region=row["region"],
        address=row["address"],
        business=row["business"],
    )


def _hand_in_everything(row: Mapping[str, Any], application: Application, now: datetime) -> None:
    submit_tax_number(**_who(application, now), requirement="tax-number", number=row["uscc"])
    for standing in list_standings(application):
        kind = standing.requirement
        if not standing.is_required or kind.input != RequirementInput.PAPER:
            continue
        paper = Paper(issuer=row["issuer"] if kind.asks_issuer else "", valid_until=_day(now, row["licence_days"]))
        _paper(application, kind.code, paper, f"{row['key']}-{kind.code}", now)
    submit_bank_account(
        **_who(application, now),
        requirement="bank-account",
        holder=row["name_zh"],
        bank=row["bank"],
        account=row["account"],
    )
    sign_contract(
        **_who(application, now),
        requirement="contract",
        version="2026-1",
        signature=Signature(name=row["contact"], title="总经理", has_agreed=True, ip=NOWHERE),
        language=row["language"],
    )


def _licence(row: Mapping[str, Any], application: Application, now: datetime, *, days: int) -> None:
    _paper(application, "licence", Paper(valid_until=_day(now, days)), f"{row['key']}-licence-{days}", now)


def _paper(application: Application, code: str, paper: Paper, name: str, now: datetime) -> Any:
    upload = ContentFile(_scan(name), name=f"{name}.png")
    return submit_paper(**_who(application, now), requirement=code, paper=paper, upload=upload)


def _scan(name: str) -> bytes:
    """Draw something that looks like a scanned paper with a seal; each name makes another one."""
    page = Image.new("RGB", PAGE, (250, 249, 245))
    draw = ImageDraw.Draw(page)
    draw.rectangle((36, 36, PAGE[0] - 36, PAGE[1] - 36), outline=(168, 142, 92), width=5)
    draw.text((80, 90), f"DEMO  {name}", fill=(40, 40, 40))
    for line in range(14):
        draw.line(
            (80, 180 + line * 34, PAGE[0] - 80 - (line * 53) % 170, 180 + line * 34), fill=(190, 188, 180), width=6
        )
    draw.ellipse((390, 660, 530, 800), outline=(200, 30, 35), width=7)
    content = io.BytesIO()
    page.save(content, format="PNG")
    return content.getvalue()


def _contact(row: Mapping[str, Any]) -> Contact:
    return Contact(name=row["contact"], email=row["email"], phone=row["phone"], language=row["language"])


def _who(application: Application, now: datetime) -> dict[str, Any]:
    return {"application_id": application.pk, "by": None, "now": now}


def _day(now: datetime, days: int) -> Any:
    return (now + timedelta(days=days)).date()
