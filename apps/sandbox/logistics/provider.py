"""The carrier as the process knows it: query, subscription, push.

Sources: https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (query), .../5f0ffa8f2977d50a94e1023c (push).
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.clock import as_alipay_time, read_clock
from apps.sandbox.context import Context
from apps.sandbox.deliveries import Delivery, SignedRequest
from apps.sandbox.notices import Notice, PlannedDelivery

from .store import FINAL_STATES, STATES, Parcels

# Source: a push that is not acknowledged is repeated three times, half an hour apart.
RETRY_AFTER = (1800.0, 1800.0, 1800.0)


class CarrierRefusal(Exception):
    """An answer ``{"result": false, "returnCode", "message"}``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Logistics:
    """The provider ``logistics``."""

    name = "logistics"
    retry_after: tuple[float, ...] = RETRY_AFTER
    answer_timeout = 10.0
    api_prefixes: tuple[str, ...] = ("/poll",)

    def __init__(self, context: Context) -> None:
        self.context = context
        self.credentials = context.credentials
        self.parcels = Parcels(context.database)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/poll/query.do", self.query, methods=["POST"]),
            Route("/poll", self.subscribe, methods=["POST"]),
            Route("/logistics/parcels/", self.move, methods=["POST"]),
        ]

    async def query(self, request: Request) -> Response:
        """Answer a parcel's track."""
        now = read_clock()
        try:
            company, number = self._verify_query(await _read_form(request))
        except CarrierRefusal as refusal:
            return _refuse(request, refusal)
        self.parcels.hear_of(company, number, now=now)
        return JSONResponse(self._track(company, number, now=now))

    def _verify_query(self, form: Mapping[str, str]) -> tuple[str, str]:
        """Check who asks, and return the parcel asked for."""
        param = form.get("param", "")
        expected = _digest(param + self.credentials.logistics_key + self.credentials.logistics_customer)
        if form.get("customer") != self.credentials.logistics_customer:
            raise CarrierRefusal("601", "POLL:KEY已过期或不存在")
        if not hmac.compare_digest(expected.encode(), form.get("sign", "").encode()):
            raise CarrierRefusal("503", "验证签名失败")
        return _read_parcel(_read_json(param), "com", "num")

    async def subscribe(self, request: Request) -> Response:
        """Promise to push a parcel's track whenever it grows."""
        try:
            self._subscribe(_read_json((await _read_form(request)).get("param", "")), now=read_clock())
        except CarrierRefusal as refusal:
            return _refuse(request, refusal)
        return JSONResponse({"result": True, "returnCode": "200", "message": "提交成功"})

    def _subscribe(self, param: Mapping[str, Any], *, now: float) -> None:
        if not hmac.compare_digest(str(param.get("key")).encode(), self.credentials.logistics_key.encode()):
            raise CarrierRefusal("600", "您不是合法的订阅者（即授权Key出错）")
        company, number = _read_parcel(param, "company", "number")
        wishes = param.get("parameters")
        if not isinstance(wishes, dict) or not str(wishes.get("callbackurl", "")).startswith("http"):
            raise CarrierRefusal("700", "订阅的回调地址错误")
        with self.context.database.transaction():
            self.parcels.hear_of(company, number, now=now)
            salt = str(wishes.get("salt") or "")
            if not self.parcels.subscribe(company, number, url=wishes["callbackurl"], salt=salt):
                raise CarrierRefusal("501", "重复订阅")
            # What lies behind is told at once, each step ahead when it comes.
            ahead = self.parcels.steps_ahead(company, number, now=now)
            self._queue_pushes(company, number, moments=[now, *ahead], now=now)

    async def move(self, request: Request) -> Response:
        """Move a parcel, for tests; not part of the carrier's interface."""
        now = read_clock()
        try:
            values = _read_json((await request.body()).decode("utf-8", errors="replace"))
            company, number = _read_parcel(values, "carrier", "number")
            state = _read_state(values)
        except CarrierRefusal as refusal:
            return JSONResponse({"code": refusal.code, "message": refusal.message}, status_code=400)
        context = str(values.get("context") or f"快件{STATES[state]}")
        with self.context.database.transaction():
            self.parcels.move(company, number, state=state, context=context, now=now)
            self.context.deliveries.drop_planned(self.name, _kind(company, number), now=now)
            self._queue_pushes(company, number, moments=[now], now=now)
        return JSONResponse(self._track(company, number, now=now))

    def _queue_pushes(self, company: str, number: str, *, moments: list[float], now: float) -> None:
        """Queue a push of the track for each moment; nobody is told where nobody subscribed."""
        url, salt = self.parcels.subscriber(company, number) or ("", "")
        payload = {"company": company, "number": number, "salt": salt}
        pushes = [
            PlannedDelivery(
                Notice(event_id=secrets.token_hex(8), kind=_kind(company, number), url=url, payload=payload),
                delay=moment - now,
            )
            for moment in moments
        ]
        self.context.deliveries.add(self.name, pushes, now=now)

    def sign_notice(self, delivery: Delivery, *, now: float) -> SignedRequest:
        """Write the whole track as it is now: a push repeated later tells more."""
        payload = delivery.payload
        track = self._track(payload["company"], payload["number"], now=now)
        is_over = track["state"] in FINAL_STATES
        param = json.dumps(
            {
                "status": "shutdown" if is_over else "polling",
                "billstatus": "check" if is_over else "change",
                "message": "",
                "lastResult": track,
            },
            ensure_ascii=False,
        )
        body = urlencode({"sign": _digest(param + payload["salt"]), "param": param})
        return SignedRequest(headers={"Content-Type": "application/x-www-form-urlencoded"}, body=body.encode())

    def is_accepted(self, status: int, body: str) -> bool:
        return status == 200 and '"result":true' in body.replace(" ", "")

    def _track(self, company: str, number: str, *, now: float) -> dict[str, Any]:
        events = self.parcels.track(company, number, now=now)
        state = events[0].state if events else "0"
        return {
            "message": "ok",
            "nu": number,
            "ischeck": "1" if state == "3" else "0",
            "com": company,
            "status": "200",
            "condition": "F00",
            "state": state,
            "data": [
                {
                    "time": as_alipay_time(event.at),
                    "ftime": as_alipay_time(event.at),
                    "context": event.context,
                    "status": STATES[event.state],
                }
                for event in events
            ],
        }


def _kind(company: str, number: str) -> str:
    return f"TRACK {company} {number}"


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


async def _read_form(request: Request) -> Mapping[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _read_json(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise CarrierRefusal("400", "param不是合法的JSON") from error
    if not isinstance(values, dict):
        raise CarrierRefusal("400", "param不是JSON对象")
    return values


def _read_parcel(values: Mapping[str, Any], company: str, number: str) -> tuple[str, str]:
    found = str(values.get(company) or "").lower(), str(values.get(number) or "")
    if not all(found) or len(found[1]) > 32:
        raise CarrierRefusal("400", f"{company}、{number}不能为空，单号最长32位")
    return found


def _read_state(values: Mapping[str, Any]) -> str:
    state = str(values.get("state"))
    if state not in STATES:
        raise CarrierRefusal("400", f"state must be one of {', '.join(STATES)}")
    return state


def _refuse(request: Request, refusal: CarrierRefusal) -> Response:
    request.state.notes = {"refused": refusal.code, "why": refusal.message}
    return JSONResponse({"result": False, "returnCode": refusal.code, "message": refusal.message})
