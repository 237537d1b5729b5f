"""Applications in any state, made by the services that people use; and papers to hand in."""

import io
from datetime import date, datetime
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from stdnum.cn import uscc

from apps.accounts.api import User
from apps.onboarding.api import (
    Application,
    Contact,
    Paper,
    RequirementInput,
    Signature,
    approve_application,
    describe_company,
    list_standings,
    sign_contract,
    start_application,
    submit_application,
    submit_bank_account,
    submit_paper,
    submit_tax_number,
)
from apps.onboarding.services.applications import confirm_contact

numbers = count(1)
SIGNED = Signature(name="林砚", title="总经理", has_agreed=True, ip="203.0.113.7", browser="Test")


def picture(name: str = "licence.png", *, color: tuple[int, int, int] | None = None) -> SimpleUploadedFile:
    """A picture that no other company handed in."""
    number = next(numbers)
    content = io.BytesIO()
    Image.new("RGB", (40, 30), color or (number % 256, number // 256 % 256, 90)).save(content, format="PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def tax_number() -> str:
    """A new code that passes its check digit."""
    body = f"91310115MA{next(numbers):07d}"
    return body + uscc.calc_check_digit(body)


def begin(
    *, kind: str = "SUPPLIER", now: datetime, by: User | None = None, confirmed: bool = True, **details: Any
) -> Application:
    """An application in ONBOARDING (APPLIED if not confirmed)."""
    number = next(numbers)
    contact = Contact(
        name=details.get("contact_name", "林砚"),
        email=details.get("email", f"contact{number}@example.com"),
        phone=details.get("phone", ""),
    )
    application = start_application(
        kind=kind, name_zh=details.get("name_zh", f"青屿零部件有限公司{number}"), contact=contact, by=by, now=now
    )
    if confirmed and by is None:
        application = confirm_contact(application_id=application.pk, by=None, now=now)
    return application


def complete(application: Application, *, now: datetime, valid_until: date = date(2030, 12, 31)) -> Application:
    """Hand in everything that is required."""
    describe_company(
        application_id=application.pk, name_zh=application.name_zh, region="上海市", address="世纪大道 8 号",
        business="制动系统零部件", by=None, now=now,
    )  # fmt: skip
    required = [row.requirement for row in list_standings(application) if row.is_required]
    for kind in required:
        common = {"application_id": application.pk, "requirement": kind.code, "by": None, "now": now}
        if kind.input == RequirementInput.TAX_NUMBER:
            submit_tax_number(**common, number=tax_number())
        elif kind.input == RequirementInput.PAPER:
            paper = Paper(
                number="C-1" if kind.asks_number else "",
                issuer="星驰" if kind.asks_issuer else "",
                valid_until=valid_until if kind.has_last_day else None,
            )
            submit_paper(**common, paper=paper, upload=picture(f"{kind.code}.png"))
        elif kind.input == RequirementInput.BANK_ACCOUNT:
            submit_bank_account(
                **common, holder=application.name_zh, bank="招商银行上海分行", account="6222 0000 1234 5678"
            )
        else:
            sign_contract(**common, version="2026-1", signature=SIGNED, language="zh-hans")
    application.refresh_from_db()
    return application


def submitted(*, kind: str = "SUPPLIER", now: datetime, **details: Any) -> Application:
    """An application that waits for its review."""
    application = complete(begin(kind=kind, now=now, **details), now=now)
    return submit_application(application_id=application.pk, by=None, now=now)


def seen(application: Application) -> list[int]:
    """The latest submissions, as a reviewer's page lists them."""
    return [row.latest.pk for row in list_standings(application) if row.latest]


def approved(*, by: User, kind: str = "SUPPLIER", now: datetime, **details: Any) -> Application:
    """An application that was approved."""
    application = submitted(kind=kind, now=now, **details)
    return approve_application(application_id=application.pk, seen=seen(application), by=by, now=now)
