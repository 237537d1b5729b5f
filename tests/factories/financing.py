"""A lender in memory, and applications at every stage."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.financing import api
from apps.financing.errors import LenderUnavailable
from apps.financing.ports import LENDER_PORT, LenderNews, LenderStatus, LoanPaper, LoanRequest
from apps.kernel.api import Money, ports

NUMBERS = count(1)
APPLICANT = api.Applicant(
    name="王小满", identity_number="11010519491231002X", phone="13800138000", monthly_income="18000"
)


@dataclass
class FakeLender:
    """The lenders' port on one side, the decisions of its desk on the other; ``is_silent`` makes it answer nothing."""

    requests: dict[str, LoanRequest] = field(default_factory=dict)
    papers: dict[str, list[LoanPaper]] = field(default_factory=dict)
    standing: dict[str, LenderNews] = field(default_factory=dict)
    disbursed: dict[str, Money] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    is_silent: bool = False

    def submit(self, request: LoanRequest, papers: Sequence[LoanPaper]) -> LenderNews:
        self._call("submit", request.number)
        self.requests[request.number] = request
        self.papers.setdefault(request.number, []).extend(papers)
        known = self.standing.get(request.number)
        if known is None or known.status is LenderStatus.MORE_ASKED:
            self._stand(request.number, LenderStatus.RECEIVED)
        return self.standing[request.number]

    def query(self, number: str) -> LenderNews | None:
        self._call("query", number)
        return self.standing.get(number)

    def withdraw(self, number: str) -> LenderNews:
        self._call("withdraw", number)
        return self._stand(number, LenderStatus.WITHDRAWN)

    def disburse(self, number: str, *, amount: Money, order_number: str, contract_digest: str) -> LenderNews:
        self._call("disburse", number)
        if number not in self.disbursed:
            self.disbursed[number] = amount
            self._stand(number, LenderStatus.DISBURSED, disbursement=f"DB-{number}", amount=amount)
        return self.standing[number]

    def decide(self, number: str, status: LenderStatus, **changes) -> LenderNews:
        """Decide at the desk; the news as it would be pushed."""
        if status is LenderStatus.APPROVED:
            changes.setdefault("amount", self.requests[number].amount)
        return self._stand(number, status, **changes)

    def _stand(self, number: str, status: LenderStatus, **changes) -> LenderNews:
        event_id = f"event-{next(NUMBERS):06d}"
        news = LenderNews(event_id=event_id, number=number, reference=f"LN-{number}", status=status, **changes)
        self.standing[number] = news
        return news

    def _call(self, name: str, number: str) -> None:
        self.calls.append((name, number))
        if self.is_silent:
            raise LenderUnavailable(reason="silent")


def using_lender(lender: FakeLender):
    """Answer the lenders' port with the fake while the block runs."""
    return ports.using({LENDER_PORT: lender})


def picture(name: str = "id.png") -> SimpleUploadedFile:
    """A small picture as somebody would upload it."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), (next(NUMBERS) % 256, 90, 90)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


@dataclass
class Desk:
    """One applicant with an order of a car, and the ways an application goes."""

    shop: object
    lender: FakeLender
    by: object
    order_number: str
    now: datetime

    def start(self, **changes) -> api.FinanceApplication:
        values = {
            "order_number": self.order_number,
            "product_code": "XC-EASY",
            "months": 36,
            "down_payment": Money.of("69900.00"),
            "by": self.by,
            "now": self.now,
        }
        return api.start_application(**{**values, **changes})

    def prepared(self, **changes) -> api.FinanceApplication:
        """An application with everything but the consent."""
        application = self.start(**changes)
        api.describe_applicant(number=application.number, applicant=APPLICANT, by=self.by, now=self.now)
        for kind in ("IDENTITY", "INCOME"):
            self.hand_in(application.number, kind)
        return self.reload(application)

    def hand_in(self, number: str, kind: str) -> api.FinanceDocument:
        return api.hand_in_document(number=number, kind=kind, upload=picture(), by=self.by, now=self.now)

    def submitted(self) -> api.FinanceApplication:
        """An application the lender has."""
        application = self.prepared()
        api.submit_application(number=application.number, has_consented=True, by=self.by, now=self.now)
        api.follow_application(number=application.number, now=self.now)
        return self.reload(application)

    def decided(self, status: LenderStatus = LenderStatus.APPROVED, **changes) -> api.FinanceApplication:
        """An application the lender decided."""
        application = self.submitted()
        news = self.lender.decide(application.number, status, **changes)
        api.receive_lender_news(news=news, now=self.now)
        return self.reload(application)

    def signed(self) -> api.FinanceApplication:
        """An application whose contract is signed."""
        application = self.decided(valid_until=self.now + timedelta(days=30))
        api.sign_contract(
            number=application.number,
            signer_name=APPLICANT.name,
            has_agreed=True,
            language="zh-hans",
            by=self.by,
            now=self.now,
        )
        return self.reload(application)

    @staticmethod
    def reload(application: api.FinanceApplication) -> api.FinanceApplication:
        return api.FinanceApplication.objects.select_related("product__lender").get(pk=application.pk)


__all__ = ["APPLICANT", "Desk", "FakeLender", "picture", "using_lender"]
