"""
The live server's side of a conversation: a WebSocket that pushes what is new, from PostgreSQL's NOTIFY.

It only ever tells what it reads from the database after a number that the page says it has seen: a wake-up that is
lost, doubled or late changes when somebody reads, never what. Whatever people say goes by plain HTTP.
"""

import asyncio
import json
import logging
import select
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any
from urllib.parse import parse_qs

import psycopg2
from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import translation

from apps.kernel.api import NotFound
from apps.support import conf
from apps.support.api import Conversation, Proof, Side, read_proof
from apps.support.web.news import describe

logger = logging.getLogger(__name__)
PATH = "/live/chat/"
REFUSED, OVER = 4404, 4000  # codes with which a connection ends
BEAT_SECONDS = 25  # silence after which a sign of life is sent
MOST_SECONDS = 900  # after which a page shows a fresh proof
LISTEN_SECONDS = 5
READERS = 8  # threads that read from the database
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Hub:
    """Who waits for which conversation, and the one thread per process that hears PostgreSQL."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.readers = ThreadPoolExecutor(max_workers=READERS, thread_name_prefix="support-reader")

    def join(self, conversation_id: int) -> asyncio.Event:
        """Return an event that is set whenever something happened in a conversation."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            threading.Thread(target=self._listen, args=(loop,), name="support-listener", daemon=True).start()
        event = asyncio.Event()
        self._waiting.setdefault(conversation_id, set()).add(event)
        return event

    def leave(self, conversation_id: int, event: asyncio.Event) -> None:
        """Forget an event."""
        found = self._waiting.get(conversation_id, set())
        found.discard(event)
        if not found:
            self._waiting.pop(conversation_id, None)

    def _wake(self, conversation_id: int | None) -> None:
        rows = self._waiting.values() if conversation_id is None else [self._waiting.get(conversation_id, set())]
        for events in rows:
            for event in events:
                event.set()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        while not loop.is_closed():
            try:
                self._hear(loop)
            except psycopg2.Error as error:
                logger.warning("support.listener_lost", extra={"error": str(error)})
                sleep(1)
            except RuntimeError:
                # The loop closed between the look and the call: the process ends.
                return

    def _hear(self, loop: asyncio.AbstractEventLoop) -> None:
        ear = psycopg2.connect(**connection.get_connection_params())
        try:
            ear.set_session(autocommit=True)
            with ear.cursor() as cursor:
                cursor.execute(f"LISTEN {conf.CHANNEL}")
            # What was told while nobody listened: everybody looks once.
            loop.call_soon_threadsafe(self._wake, None)
            while not loop.is_closed():
                if select.select([ear], [], [], LISTEN_SECONDS)[0]:
                    ear.poll()
                while ear.notifies:
                    loop.call_soon_threadsafe(self._wake, int(ear.notifies.pop(0).payload))
        finally:
            ear.close()


hub = Hub()


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one WebSocket: ``/live/chat/?proof=…&after=n``. Without a valid proof it is refused before it opens."""
    await receive()
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    proof = _proof_of(asked) if scope["path"] == PATH else None
    if proof is None:
        await send({"type": "websocket.close", "code": REFUSED})
        return
    await send({"type": "websocket.accept"})
    after = asked.get("after", ["0"])[0]
    last = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    event = hub.join(proof.conversation_id)
    pushing = asyncio.create_task(_push(proof, last, event, send))
    leaving = asyncio.create_task(_wait_for_the_end(receive))
    try:
        await asyncio.wait({pushing, leaving}, timeout=MOST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hub.leave(proof.conversation_id, event)
        is_gone = leaving.done()
        for task in (pushing, leaving):
            task.cancel()
        await asyncio.gather(pushing, leaving, return_exceptions=True)
    if not is_gone:
        await send({"type": "websocket.close", "code": OVER})


def _proof_of(asked: dict[str, list[str]]) -> Proof | None:
    try:
        return read_proof(asked.get("proof", [""])[0])
    except NotFound:
        return None


async def _push(proof: Proof, last: int, event: asyncio.Event, send: Send) -> None:
    loop = asyncio.get_running_loop()
    while True:
        event.clear()
        news = await loop.run_in_executor(hub.readers, _read, proof, last)
        last = news["last"]
        await send({"type": "websocket.send", "text": json.dumps(news)})
        try:
            await asyncio.wait_for(event.wait(), BEAT_SECONDS)
        except TimeoutError:
            continue


async def _wait_for_the_end(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        continue


def _read(proof: Proof, after: int) -> dict[str, Any]:
    close_old_connections()
    try:
        conversation = Conversation.objects.select_related("organization").get(pk=proof.conversation_id)
        with translation.override(proof.language):
            return describe(
                conversation,
                side=proof.side,
                after=after,
                files_url=_files_url(conversation, proof.side),
                user_id=proof.user_id,
            )
    finally:
        close_old_connections()


def _files_url(conversation: Conversation, side: Side) -> str:
    if side == Side.VISITOR:
        page = reverse("support:show", args=[conversation.reference])
    else:
        prefix = "hq" if conversation.organization.kind == "HQ" else "dealer"
        page = reverse(f"{prefix}-chat", args=[conversation.reference])
    return f"{page}files/"
