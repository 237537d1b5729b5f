"""The cashier: a page for people and a JSON door for scripts, the same for every provider.

A provider package implements ``Counter``; this module reads the decision, settles the trade and shows the result.
"""

import json
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from .clock import as_alipay_time, read_clock
from .errors import BadDecision, NotFound, Refusal
from .notices import LATE_SECONDS, MODES
from .pages import as_options, render
from .trades import CLOSED, FAILED, PAID, Trade

RESULTS = ("success", "fail")
MAX_DELAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What the buyer did, and how the provider will tell."""

    result: str
    notify: str
    delay_seconds: float


class Counter(Protocol):
    """A provider's side of the cashier."""

    brand: str
    color: str
    merchant: str

    def find_trade(self, request: Request, *, now: float) -> Trade | None:
        """Return the trade this address is for."""

    def settle(self, trade: Trade, decision: Decision, *, now: float) -> Trade:
        """Apply the decision and queue the notifications, in one transaction."""

    def return_link(self, trade: Trade, request: Request, *, now: float) -> str:
        """Return where the provider sends the buyer afterwards; empty where it has no such place."""


async def read_decision(request: Request) -> Decision:
    """
    Read a decision from JSON or from the page's form.

    :raises BadDecision: if it is not understood
    """
    if "json" in request.headers.get("content-type", ""):
        try:
            values = json.loads(await request.body())
        except ValueError as error:
            raise BadDecision("the body is not JSON") from error
        if not isinstance(values, dict):
            raise BadDecision("the body is not a JSON object")
    else:
        values = dict(await request.form())
    result, notify = values.get("result"), values.get("notify") or "once"
    if result not in RESULTS:
        raise BadDecision(f"result must be one of {', '.join(RESULTS)}")
    if notify not in MODES:
        raise BadDecision(f"notify must be one of {', '.join(MODES)}")
    try:
        delay = float(values.get("delay_seconds") or LATE_SECONDS)
    except (TypeError, ValueError) as error:
        raise BadDecision("delay_seconds must be a number") from error
    if not 0 <= delay <= MAX_DELAY_SECONDS:
        raise BadDecision(f"delay_seconds must be between 0 and {MAX_DELAY_SECONDS:.0f}")
    return Decision(result=result, notify=notify, delay_seconds=delay)


async def serve_cashier(request: Request, counter: Counter) -> Response:
    """Show the cashier, or take a decision."""
    now = read_clock()
    wants_json = "json" in request.headers.get("content-type", "")
    trade = counter.find_trade(request, now=now)
    if request.method != "POST":
        if trade is None:
            return _show_missing(counter)
        show = _show_result if trade.state in (PAID, CLOSED) else _show_cashier
        return show(request, counter, trade)
    try:
        decision = await read_decision(request)
        if trade is None:
            raise NotFound("no such trade")
        trade = counter.settle(trade, decision, now=now)
    except Refusal as refusal:
        status = {"bad_decision": 400, "not_found": 404}.get(refusal.code, 409)
        request.state.notes = {"refused": refusal.code}
        if wants_json or trade is None:
            body = {"status": "refused", "code": refusal.code, "message": refusal.message}
            return JSONResponse(body, status_code=status)
        return _show_result(request, counter, trade, refusal=refusal)
    request.state.notes = {"result": decision.result, "notify": decision.notify, "trade": trade.number}
    if wants_json:
        status_word = "paid" if trade.state == PAID else "failed"
        return JSONResponse({"status": status_word, "trade_no": trade.trade_no, "out_trade_no": trade.number})
    return _show_result(request, counter, trade)


def format_amount(trade: Trade) -> str:
    """Return the amount as the page prints it."""
    symbol = {"CNY": "¥", "USD": "$", "EUR": "€"}.get(trade.currency.upper(), trade.currency.upper() + " ")
    return f"{symbol}{trade.amount // 100:,}.{trade.amount % 100:02d}"


def _show_cashier(request: Request, counter: Counter, trade: Trade) -> Response:
    notice = "上一次支付未成功，请重新支付。" if trade.state == FAILED else ""
    return render(
        "cashier.html",
        brand=counter.brand,
        color=counter.color,
        merchant=counter.merchant,
        subject=trade.subject,
        amount=format_amount(trade),
        number=trade.number,
        created=as_alipay_time(trade.created_at),
        notice=notice,
        notice_class="notice" if notice else "hidden",
        action=str(request.url),
        modes=as_options(MODES, chosen="once"),
        delay=f"{LATE_SECONDS:g}",
    )


def _show_result(request: Request, counter: Counter, trade: Trade, *, refusal: Refusal | None = None) -> Response:
    title, mark = {
        PAID: ("支付成功", "✓"),
        FAILED: ("支付失败", "!"),
        CLOSED: ("订单已关闭", "!"),
    }.get(trade.state, ("等待支付", "…"))
    link = counter.return_link(trade, request, now=read_clock())
    return render(
        "result.html",
        status_code=409 if refusal else 200,
        brand=counter.brand,
        color=counter.color if trade.state == PAID else "#d4380d",
        merchant=counter.merchant,
        title=title,
        mark=mark,
        message=refusal.message if refusal else "",
        amount=format_amount(trade),
        subject=trade.subject,
        trade_no=trade.trade_no,
        link=link or "#",
        link_class="button" if link else "hidden",
        retry=str(request.url),
        retry_class="button plain" if trade.state == FAILED else "hidden",
        hint="" if link else "请返回商户页面查看订单。",
    )


def _show_missing(counter: Counter) -> HTMLResponse:
    return render("missing.html", status_code=404, brand=counter.brand, color=counter.color)
