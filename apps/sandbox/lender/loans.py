"""The lender's book: applications, papers, disbursements and what came back."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from apps.sandbox.clock import as_rfc3339
from apps.sandbox.database import Database

RECEIVED, MORE_ASKED, APPROVED, REFUSED = "received", "more_asked", "approved", "refused"
EXPIRED, WITHDRAWN, DISBURSED = "expired", "withdrawn", "disbursed"
# What the desk may decide, and the states it may decide in.
DECISIONS = {
    "approve": (APPROVED, (RECEIVED,)),
    "refuse": (REFUSED, (RECEIVED, MORE_ASKED)),
    "more": (MORE_ASKED, (RECEIVED,)),
    "expire": (EXPIRED, (RECEIVED, MORE_ASKED, APPROVED)),
}
APPROVAL_SECONDS = 30 * 86400.0


class LenderRefusal(Exception):
    """A request the lender will not do, with its code and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 409) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """One application as the lender knows it; amounts in minor units."""

    number: str
    reference: str
    product: str
    months: int
    price: int
    amount: int
    currency: str
    applicant: dict[str, str]
    papers: dict[str, str]
    notify_url: str
    status: str
    revision: int
    asked_for: list[str]
    reason: str
    valid_until: float | None
    disbursement: str
    order_number: str

    def as_told(self) -> dict[str, Any]:
        """Return where it stands as the protocol writes it."""
        return {
            "number": self.number,
            "reference": self.reference,
            "status": self.status,
            "revision": str(self.revision),
            "amount": self.amount,
            "currency": self.currency,
            "valid_until": as_rfc3339(self.valid_until) if self.valid_until else None,
            "asked_for": self.asked_for,
            "reason": self.reason,
            "disbursement": self.disbursement,
        }


class Loans:
    """All applications."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, number: str) -> Loan | None:
        row = self.database.one("SELECT * FROM loans WHERE number = ?", number)
        return _loan(row) if row else None

    def get(self, number: str) -> Loan:
        """
        Return an application.

        :raises LenderRefusal: not_found
        """
        loan = self.find(number)
        if loan is None:
            raise LenderRefusal("not_found", "没有该申请", 404)
        return loan

    def list_latest(self, limit: int = 50) -> list[Loan]:
        return [_loan(row) for row in self.database.all("SELECT * FROM loans ORDER BY id DESC LIMIT ?", limit)]

    def keep_paper(self, number: str, sha256: str, size: int) -> None:
        """Note that a paper arrived; its content is not kept."""
        self.database.run(
            "INSERT OR IGNORE INTO loan_papers (number, sha256, size) VALUES (?, ?, ?)", number, sha256, size
        )

    def take(self, values: Mapping[str, Any], *, applicant: dict[str, str], now: float) -> Loan:
        """
        Take an application, or new papers to one that waits for them; the same again changes nothing.

        :raises LenderRefusal: paper_missing, number_reused
        """
        papers = {paper["sha256"]: paper["kind"] for paper in values["papers"]}
        for sha256 in papers:
            if not self.database.one(
                "SELECT 1 FROM loan_papers WHERE number = ? AND sha256 = ?", values["number"], sha256
            ):
                raise LenderRefusal("paper_missing", f"材料未送达：{sha256}")
        known = self.find(values["number"])
        if known is None:
            self._insert(values, papers=papers, applicant=applicant, now=now)
        elif (known.amount, known.product, known.months) != (values["amount"], values["product"], values["months"]):
            raise LenderRefusal("number_reused", "申请编号已用于其他申请")
        elif known.status == MORE_ASKED and set(papers) - set(known.papers):
            self._update(known, status=RECEIVED, papers={**known.papers, **papers}, asked_for=[], reason="")
        return self.get(values["number"])

    def decide(self, loan: Loan, decision: str, *, asked_for: list[str], reason: str, now: float) -> Loan:
        """
        Decide at the desk.

        :raises LenderRefusal: wrong_state
        """
        status, starts = DECISIONS[decision]
        if loan.status not in starts:
            raise LenderRefusal("wrong_state", f"当前状态不能这样处理：{loan.status}")
        valid_until = now + APPROVAL_SECONDS if status == APPROVED else loan.valid_until
        asked = asked_for if status == MORE_ASKED else []
        self._update(loan, status=status, papers=loan.papers, asked_for=asked, reason=reason, valid_until=valid_until)
        return self.get(loan.number)

    def withdraw(self, loan: Loan) -> Loan:
        """Take it that nobody wants the loan; what is over stays as it is."""
        if loan.status in (RECEIVED, MORE_ASKED, APPROVED):
            self._update(loan, status=WITHDRAWN, papers=loan.papers, asked_for=[], reason="")
        return self.get(loan.number)

    def disburse(self, loan: Loan, *, amount: int, order_number: str, now: float) -> Loan:
        """
        Pay out an approved loan, once.

        :raises LenderRefusal: wrong_amount, wrong_state, approval_expired
        """
        if amount != loan.amount:
            raise LenderRefusal("wrong_amount", "放款金额与批准金额不符")
        if loan.status == DISBURSED:
            return loan
        if loan.status != APPROVED:
            raise LenderRefusal("wrong_state", f"当前状态不能放款：{loan.status}")
        if loan.valid_until is not None and loan.valid_until <= now:
            raise LenderRefusal("approval_expired", "批准已过期")
        self.database.run(
            "UPDATE loans SET status = ?, revision = revision + 1, disbursement = ?, order_number = ? WHERE number = ?",
            DISBURSED,
            f"DB{secrets.token_hex(8).upper()}",
            order_number,
            loan.number,
        )
        return self.get(loan.number)

    def give_back(self, values: Mapping[str, Any], *, now: float) -> Row:
        """
        Take money back, once per number, never more than was paid out.

        :raises LenderRefusal: not_found, return_too_much
        """
        if row := self.find_return(values["number"]):
            return row
        paid = self.database.one("SELECT amount FROM loans WHERE disbursement = ?", values["disbursement"])
        if paid is None:
            raise LenderRefusal("unknown_disbursement", "没有该放款")
        back = self.database.one(
            "SELECT COALESCE(SUM(amount), 0) AS total FROM loan_returns WHERE disbursement = ?", values["disbursement"]
        )
        if back is None or back["total"] + values["amount"] > paid["amount"]:
            raise LenderRefusal("return_too_much", "退回金额超过放款金额")
        self.database.run(
            "INSERT INTO loan_returns (number, reference, disbursement, amount, currency, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            values["number"],
            f"RT{secrets.token_hex(8).upper()}",
            values["disbursement"],
            values["amount"],
            values["currency"],
            now,
        )
        row = self.find_return(values["number"])
        if row is None:
            raise LenderRefusal("not_found", "没有该退回", 404)
        return row

    def find_return(self, number: str) -> Row | None:
        return self.database.one("SELECT * FROM loan_returns WHERE number = ?", number)

    def _insert(
        self, values: Mapping[str, Any], *, papers: dict[str, str], applicant: dict[str, str], now: float
    ) -> None:
        self.database.run(
            "INSERT INTO loans (number, reference, product, months, price, amount, currency, applicant, papers,"
            " notify_url, status, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values["number"],
            f"LN{secrets.token_hex(8).upper()}",
            values["product"],
            values["months"],
            values["price"],
            values["amount"],
            values["currency"],
            json.dumps(applicant, ensure_ascii=False),
            json.dumps(papers),
            values["notify_url"],
            RECEIVED,
            now,
        )

    def _update(
        self,
        loan: Loan,
        *,
        status: str,
        papers: dict[str, str],
        asked_for: list[str],
        reason: str,
        valid_until: float | None = None,
    ) -> None:
        self.database.run(
            "UPDATE loans SET status = ?, revision = revision + 1, papers = ?, asked_for = ?, reason = ?,"
            " valid_until = ? WHERE number = ?",
            status,
            json.dumps(papers),
            json.dumps(asked_for),
            reason,
            valid_until,
            loan.number,
        )


def _loan(row: Row) -> Loan:
    values = {name: row[name] for name in row.keys() if name not in ("id", "created_at")}  # noqa: SIM118
    for name in ("applicant", "papers", "asked_for"):
        values[name] = json.loads(values[name])
    return Loan(**values)
