"""The process: routes of all providers, the loop of deliveries, the control door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .alipay import Alipay
from .context import Context
from .control import Control, PauseGate, Pauses
from .database import Database
from .deliveries import Courier, Deliveries, Sender
from .home import Home
from .lender import SandboxLender
from .logistics import Logistics
from .logs import RequestLog
from .sms import AliyunSms
from .stripe import Stripe
from .wechatpay import WechatPay


class Provider(Protocol):
    """A provider's package."""

    name: str
    # Paths of its API, for pausing it.
    api_prefixes: tuple[str, ...]

    def routes(self) -> list[BaseRoute]: ...


class NotifyingProvider(Provider, Sender, Protocol):
    """One that posts notifications to the merchant."""


def build_application(*, home: Path, base_url: str, notify_base: str, retry_scale: float) -> Starlette:
    """Open the stores under ``home`` and return the ASGI application."""
    place = Home(home)
    credentials = place.issue()
    database = Database(place.database)
    context = Context(
        home=place,
        credentials=credentials,
        database=database,
        deliveries=Deliveries(database),
        base_url=base_url.rstrip("/"),
        notify_base=notify_base.rstrip("/"),
    )
    notifying: list[NotifyingProvider] = [
        WechatPay(context),
        Alipay(context),
        Stripe(context),
        SandboxLender(context),
        Logistics(context),
    ]
    providers: list[Provider] = [*notifying, AliyunSms(context)]
    courier = Courier(context.deliveries, {provider.name: provider for provider in notifying}, retry_scale=retry_scale)
    pauses = Pauses({provider.name: provider.api_prefixes for provider in providers})
    control = Control(context, courier, pauses)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(courier.run(), name="courier")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            database.close()

    async def show_health(_: Request) -> Response:
        database.one("SELECT 1")
        is_delivering = any(task.get_name() == "courier" for task in asyncio.all_tasks())
        body = {
            "status": "ok" if is_delivering else "down",
            "providers": list(pauses.prefixes),
            "courier": is_delivering,
        }
        return JSONResponse(body, status_code=200 if is_delivering else 503)

    routes: list[BaseRoute] = [
        Route("/health", show_health),
        Route("/_control/", control.show, methods=["GET"]),
        Route("/_control/", control.act, methods=["POST"]),
        *(route for provider in providers for route in provider.routes()),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(RequestLog), Middleware(PauseGate, pauses=pauses)],
    )
