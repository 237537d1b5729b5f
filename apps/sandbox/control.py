"""``/_control/``: trouble on demand, for tests. Not part of any provider.

While a provider is paused its API (not its cashier) answers 500 (``error``), takes the request and never answers
(``hang``), or does the work and loses the answer (``lose_answer``).
"""

import asyncio
import json
from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .cashier import RESULTS
from .clock import as_utc, read_clock
from .context import Context, RefundOrders
from .deliveries import Courier
from .errors import BadDecision, Refusal
from .notices import LATE_SECONDS, MODES

PAUSES = ("error", "hang", "lose_answer")


class Pauses:
    """Which providers are paused, and how."""

    def __init__(self, prefixes: dict[str, tuple[str, ...]]) -> None:
        self.prefixes = prefixes
        self.modes: dict[str, str] = {}
        # How many requests are being kept waiting, by provider.
        self.waiting: Counter[str] = Counter()
        self.resumed: dict[str, asyncio.Event] = {}

    def pause(self, provider: str, mode: str) -> None:
        self.modes[provider] = mode
        self.resumed.setdefault(provider, asyncio.Event()).clear()

    def resume(self, provider: str) -> None:
        self.modes.pop(provider, None)
        self.resumed.setdefault(provider, asyncio.Event()).set()

    def mode_at(self, scope: Scope) -> tuple[str, str]:
        """Return the provider whose API this path is, and how it is paused."""
        path = scope["path"]
        for provider, prefixes in self.prefixes.items():
            if any(path == prefix or (len(prefix) > 1 and path.startswith(prefix)) for prefix in prefixes):
                return provider, self.modes.get(provider, "")
        return "", ""


class PauseGate:
    """ASGI middleware that applies the pauses."""

    def __init__(self, app: ASGIApp, pauses: Pauses) -> None:
        self.app = app
        self.pauses = pauses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider, mode = self.pauses.mode_at(scope) if scope["type"] == "http" else ("", "")
        if not mode:
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})["notes"] = {"provider": provider, "paused": mode}
        if mode == "error":
            body = {"code": "SYSTEM_ERROR", "message": "系统异常，请稍后重试"}
            await JSONResponse(body, status_code=500)(scope, receive, send)
            return
        if mode == "lose_answer":

            async def lose(message: Message) -> None:
                return None

            await self.app(scope, receive, lose)
        self.pauses.waiting[provider] += 1
        try:
            await self._wait_until_gone(provider, receive)
        finally:
            self.pauses.waiting[provider] -= 1
        await Response(status_code=504)(scope, receive, send)

    async def _wait_for_resume(self, provider: str) -> None:
        await self.pauses.resumed[provider].wait()

    async def _wait_until_gone(self, provider: str, receive: Receive) -> None:
        """Wait until the provider resumes or the client hangs up."""

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                continue

        waits = [asyncio.create_task(self._wait_for_resume(provider)), asyncio.create_task(watch())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()


class Control:
    """The door itself."""

    def __init__(self, context: Context, courier: Courier, pauses: Pauses) -> None:
        self.context = context
        self.courier = courier
        self.pauses = pauses

    async def show(self, request: Request) -> Response:
        """Answer the pauses and the latest deliveries."""
        return JSONResponse(
            {
                "paused": self.pauses.modes,
                "waiting": {name: count for name, count in self.pauses.waiting.items() if count},
                "held": sorted(self.courier.held),
                "retry_scale": self.courier.retry_scale,
                "deliveries": [
                    {
                        "id": delivery.id,
                        "provider": delivery.provider,
                        "event_id": delivery.event_id,
                        "kind": delivery.kind,
                        "url": delivery.url,
                        "forged": delivery.is_forged,
                        "attempts": delivery.attempts,
                        "state": delivery.state,
                        "last_answer": delivery.last_answer,
                        "due_at": as_utc(delivery.due_at),
                    }
                    for delivery in self.context.deliveries.list_latest()
                ],
            }
        )

    async def act(self, request: Request) -> Response:
        """Do what the JSON body's ``action`` says."""
        try:
            values = json.loads(await request.body())
            if not isinstance(values, dict):
                raise BadDecision("the body is not a JSON object")
            answer = self._act(values)
        except ValueError:
            return JSONResponse({"code": "bad_decision", "message": "the body is not JSON"}, status_code=400)
        except Refusal as refusal:
            status = 404 if refusal.code == "not_found" else 400
            return JSONResponse({"code": refusal.code, "message": refusal.message}, status_code=status)
        return JSONResponse({"status": "ok", **answer})

    def _act(self, values: dict[str, Any]) -> dict[str, Any]:
        action, provider = values.get("action"), values.get("provider", "")
        if action in ("pause", "resume", "hold", "release", "refunds") and provider not in self.pauses.prefixes:
            raise BadDecision(f"provider must be one of {', '.join(self.pauses.prefixes)}")
        if action == "pause":
            mode = values.get("mode", "error")
            if mode not in PAUSES:
                raise BadDecision(f"mode must be one of {', '.join(PAUSES)}")
            self.pauses.pause(provider, mode)
        elif action == "resume":
            self.pauses.resume(provider)
        elif action == "hold":
            self.courier.held.add(provider)
        elif action == "release":
            self.courier.held.discard(provider)
            self.context.deliveries.wake.set()
        elif action == "refunds":
            self.context.refund_orders[provider] = _read_refund_orders(values)
        elif action == "retry_scale":
            self.courier.retry_scale = _number(values, "value", 1.0)
        elif action == "replay":
            delivery_id = int(_number(values, "delivery", 0))
            return {"delivery": self.context.deliveries.replay(delivery_id, now=read_clock())}
        else:
            raise BadDecision("action must be one of pause, resume, hold, release, refunds, retry_scale, replay")
        return {}


def _read_refund_orders(values: dict[str, Any]) -> RefundOrders:
    result, notify = values.get("result", "success"), values.get("notify", "once")
    if result not in RESULTS or notify not in MODES:
        raise BadDecision(f"result must be one of {', '.join(RESULTS)}, notify one of {', '.join(MODES)}")
    return RefundOrders(result=result, notify=notify, delay_seconds=_number(values, "delay_seconds", LATE_SECONDS))


def _number(values: dict[str, Any], name: str, default: float) -> float:
    value = values.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadDecision(f"{name} must be a number, not negative")
    return float(value)
