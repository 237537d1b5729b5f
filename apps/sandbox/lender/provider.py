"""The lender as the process knows it: its interface, its desk, its messages."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.clock import as_rfc3339, read_clock
from apps.sandbox.context import Context
from apps.sandbox.crypto import read_private_key, read_public_key
from apps.sandbox.deliveries import Delivery, SignedRequest
from apps.sandbox.errors import BadDecision
from apps.sandbox.notices import LATE_SECONDS, Notice, Versions, other_amount, plan_deliveries
from apps.sandbox.pages import Fragment, part, render

from .loans import DECISIONS, LenderRefusal, Loan, Loans
from .signing import is_signed, sign_headers, unseal

ROOT = "/lender/v1"
PAPER_KINDS = {"IDENTITY": "身份证", "INCOME": "收入证明", "RESIDENCE": "居住证明", "LICENCE": "驾驶证"}
STATUSES = {
    "received": "待审核",
    "more_asked": "待补充材料",
    "approved": "已批准",
    "refused": "已拒绝",
    "expired": "已过期",
    "withdrawn": "已撤回",
    "disbursed": "已放款",
}
BUTTONS = {"approve": "批准", "refuse": "拒绝", "more": "要求补充居住证明", "expire": "使其过期"}


class SandboxLender:
    """The provider ``lender``."""

    name = "lender"
    retry_after: tuple[float, ...] = (15, 60, 300, 1800, 7200)
    answer_timeout = 5.0
    api_prefixes: tuple[str, ...] = (ROOT,)

    def __init__(self, context: Context) -> None:
        self.context = context
        self.loans = Loans(context.database)
        self.key = read_private_key(context.home.provider_file("lender_platform.pem"))
        self.stranger = read_private_key(context.home.provider_file("stranger.pem"))
        self.merchant = read_public_key(context.home.provider_file("lender_merchant.pem"))

    def routes(self) -> list[BaseRoute]:
        return [
            Route(f"{ROOT}/applications", self.serve(self._take), methods=["POST"]),
            Route(f"{ROOT}/applications/{{number}}", self.serve(self._show), methods=["GET"]),
            Route(f"{ROOT}/applications/{{number}}/withdrawal", self.serve(self._withdraw), methods=["POST"]),
            Route(f"{ROOT}/applications/{{number}}/disbursement", self.serve(self._disburse), methods=["POST"]),
            Route(f"{ROOT}/papers/{{number}}/{{sha256}}", self.serve(self._paper), methods=["PUT"]),
            Route(f"{ROOT}/returns", self.serve(self._give_back), methods=["POST"]),
            Route(f"{ROOT}/returns/{{number}}", self.serve(self._show_return), methods=["GET"]),
            Route("/lender/desk/", self.show_desk, methods=["GET"]),
            Route("/lender/desk/{number}/", self.decide, methods=["POST"]),
        ]

    # The interface

    def serve(self, work: Callable[[Request, bytes, float], dict[str, Any]]) -> Callable[[Request], Any]:
        """Verify, work in one transaction, and sign the answer."""

        async def answer(request: Request) -> Response:
            now, body = read_clock(), await request.body()
            status = 200
            try:
                self._verify(request, body, now=now)
                with self.context.database.transaction():
                    told = work(request, body, now)
            except LenderRefusal as refusal:
                told, status = {"code": refusal.code, "message": refusal.message}, refusal.status
            except (ValueError, KeyError, TypeError):
                told, status = {"code": "unreadable", "message": "报文不符合约定"}, 400
            request.state.notes = {"status": told.get("status"), "refused": told.get("code")}
            content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
            headers = sign_headers(
                self.key,
                key_id=self.context.credentials.lender_key_id,
                method=request.method,
                path=request.url.path,
                body=content,
                now=now,
            )
            return Response(content, status_code=status, headers=headers, media_type="application/json")

        return answer

    def _verify(self, request: Request, body: bytes, *, now: float) -> None:
        key_id = self.context.credentials.lender_merchant_key_id
        if not is_signed(
            self.merchant,
            request.headers,
            key_id=key_id,
            method=request.method,
            path=request.url.path,
            body=body,
            now=now,
        ):
            raise LenderRefusal("not_signed", "签名无效或已过时", 401)
        nonce = request.headers["Lender-Nonce"][:64]
        if self.context.database.one("SELECT 1 FROM lender_nonces WHERE nonce = ?", nonce):
            raise LenderRefusal("replayed", "随机串已使用", 401)
        self.context.database.run("DELETE FROM lender_nonces WHERE at < ?", now - 600)
        self.context.database.run("INSERT INTO lender_nonces (nonce, at) VALUES (?, ?)", nonce, now)

    def _take(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        values = json.loads(body)
        applicant = values["applicant"]
        identity = unseal(self.key, base64.b64decode(applicant["identity_sealed"]))
        if len(identity) != 18:
            raise LenderRefusal("bad_identity", "身份证号无效", 400)
        kept = {name: str(applicant[name]) for name in ("name", "phone")}
        return self.loans.take(values, applicant=kept, now=now).as_told()

    def _show(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        return self.loans.get(request.path_params["number"]).as_told()

    def _withdraw(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        return self.loans.withdraw(self.loans.get(request.path_params["number"])).as_told()

    def _disburse(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        values = json.loads(body)
        loan = self.loans.get(request.path_params["number"])
        paid = self.loans.disburse(loan, amount=values["amount"], order_number=str(values["order_number"]), now=now)
        return paid.as_told()

    def _paper(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        sha256 = request.path_params["sha256"]
        if hashlib.sha256(body).hexdigest() != sha256:
            raise LenderRefusal("wrong_digest", "材料与摘要不符", 400)
        self.loans.keep_paper(request.path_params["number"], sha256, len(body))
        return {"sha256": sha256}

    def _give_back(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        return _told_return(self.loans.give_back(json.loads(body), now=now))

    def _show_return(self, request: Request, body: bytes, now: float) -> dict[str, Any]:
        row = self.loans.find_return(request.path_params["number"])
        if row is None:
            raise LenderRefusal("not_found", "没有该退回", 404)
        return _told_return(row)

    # The desk

    async def show_desk(self, request: Request) -> Response:
        """List the applications, with a button for each thing that may be decided."""
        rows = [
            part(
                "loan.html",
                number=loan.number,
                reference=loan.reference,
                name=loan.applicant.get("name", ""),
                terms=f"{loan.product} · {loan.months} 期",
                amount=f"{loan.amount / 100:,.2f} {loan.currency}",
                papers="、".join(PAPER_KINDS.get(kind, kind) for kind in loan.papers.values()),
                status=STATUSES[loan.status],
                buttons=_buttons(loan),
            )
            for loan in self.loans.list_latest()
        ]
        listed = Fragment("".join(rows) or '<p class="muted center">还没有申请。</p>')
        return render("desk.html", title="沙箱贷款机构", brand="沙箱贷款机构", color="#1f4e8c", rows=listed)

    async def decide(self, request: Request) -> Response:
        """Decide: a form of the desk, or JSON ``{"decision", "notify", "asked_for", "reason", "delay_seconds"}``."""
        is_script = request.headers.get("content-type", "").startswith("application/json")
        now = read_clock()
        try:
            values: dict[str, Any] = json.loads(await request.body()) if is_script else dict(await request.form())
            loan = self._decide(request.path_params["number"], values, now=now)
        except LenderRefusal as refusal:
            return JSONResponse({"code": refusal.code, "message": refusal.message}, status_code=refusal.status)
        except (BadDecision, ValueError, AttributeError) as error:
            return JSONResponse({"code": "bad_decision", "message": str(error)}, status_code=400)
        return JSONResponse(loan.as_told()) if is_script else RedirectResponse("/lender/desk/", status_code=303)

    def _decide(self, number: str, values: dict[str, Any], *, now: float) -> Loan:
        decision, notify = str(values.get("decision", "")), str(values.get("notify", "once"))
        if decision not in DECISIONS:
            raise BadDecision(f"decision must be one of {', '.join(DECISIONS)}")
        asked_for = values.get("asked_for") or ["RESIDENCE"]
        if not isinstance(asked_for, list) or not set(asked_for) <= set(PAPER_KINDS):
            raise BadDecision(f"asked_for must be a list out of {', '.join(PAPER_KINDS)}")
        delay = float(values.get("delay_seconds", LATE_SECONDS))
        with self.context.database.transaction():
            loan = self.loans.get(number)
            if notify == "forged":
                # The stranger claims an approval that nobody gave.
                told = {**loan.as_told(), "status": DECISIONS[decision][0], "revision": str(loan.revision + 1)}
            else:
                loan = self.loans.decide(
                    loan, decision, asked_for=asked_for, reason=str(values.get("reason", ""))[:200], now=now
                )
                told = loan.as_told()
            planned = plan_deliveries(notify, _versions(loan, told), delay_seconds=delay)
            self.context.deliveries.add(self.name, planned, now=now)
        return loan

    # Messages

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest:
        body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
        headers = sign_headers(
            self.stranger if delivery.is_forged else self.key,
            key_id=self.context.credentials.lender_key_id,
            method="POST",
            path=urlsplit(delivery.url).path,
            body=body,
            now=now,
        )
        return SignedRequest(headers={"Content-Type": "application/json", **headers}, body=body)

    def is_accepted(self, status: int, body: str) -> bool:
        return status == 204


def _versions(loan: Loan, told: dict[str, Any]) -> Versions:
    def notice(values: dict[str, Any]) -> Notice:
        event_id = f"evt_{secrets.token_hex(12)}"
        kind = f"LOAN {loan.number}"
        return Notice(event_id=event_id, kind=kind, url=loan.notify_url, payload={"event_id": event_id, **values})

    return Versions(
        genuine=notice(told),
        wrong_amount=notice({**told, "amount": other_amount(loan.amount)}),
        older=[notice({**told, "status": "received", "revision": "1"})],
    )


def _told_return(row: Any) -> dict[str, Any]:
    return {
        "number": row["number"],
        "reference": row["reference"],
        "amount": row["amount"],
        "currency": row["currency"],
        "at": as_rfc3339(row["at"]),
    }


def _buttons(loan: Loan) -> Fragment:
    return Fragment(
        "".join(
            f'<button name="decision" value="{decision}">{BUTTONS[decision]}</button> '
            for decision, (_status, starts) in DECISIONS.items()
            if loan.status in starts
        )
    )
