"""The live server's side of a connection: it pushes what the database says, from the last number on."""

import asyncio
import json
from uuid import uuid4

import pytest
from django.db import connections

from apps.accounts.api import Role
from apps.support import api
from apps.support.web import live
from tests.factories.accounts import make_member
from tests.factories.dealers import make_store
from tests.factories.support import BROWSER, begin, make_agent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(transactional_db, now):
    store = make_store()
    make_agent(make_member(Role.DEALER_CLERK, store.dealer.organization), store.dealer.organization_id, now=now)
    return begin(now=now, store_id=store.pk)


@pytest.fixture(autouse=True)
def _own_hub(monkeypatch):
    hub = live.Hub()
    monkeypatch.setattr(live, "hub", hub)
    yield
    closing = [hub.readers.submit(connections.close_all) for _ in range(live.READERS)]
    for one in closing:
        one.result(timeout=20)
    hub.readers.shutdown()


class Peer:
    """A browser's end of a connection."""

    def __init__(self, query: str, path: str = live.PATH) -> None:
        self.to_server: asyncio.Queue = asyncio.Queue()
        self.from_server: asyncio.Queue = asyncio.Queue()
        scope = {"type": "websocket", "path": path, "query_string": query.encode()}
        self.to_server.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(live.serve(scope, self.to_server.get, self.from_server.put))

    async def hear(self):
        message = await asyncio.wait_for(self.from_server.get(), timeout=20)
        return json.loads(message["text"]) if "text" in message else message

    async def leave(self) -> None:
        self.to_server.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, timeout=20)


def say(conversation, now, text):
    try:
        return api.say_as_visitor(
            reference=conversation.reference, visitor=BROWSER, text=text, sent_as=uuid4(), now=now
        ).seq
    finally:
        connections.close_all()


def proof_of(conversation):
    return api.make_proof(conversation, side=api.Side.VISITOR, user_id=None, language="zh-hans")


def test_pushes_what_is_new_as_it_is_said(conversation, now):
    async def play():
        loop = asyncio.get_running_loop()
        peer = Peer(f"proof={proof_of(conversation)}&after=1")
        assert (await peer.hear())["type"] == "websocket.accept"
        numbers = [(await peer.hear())["last"]]
        for text in ("一", "二", "三"):
            await loop.run_in_executor(None, say, conversation, now, text)
        while numbers[-1] < 5:
            numbers.append((await peer.hear())["last"])
        await peer.leave()
        return numbers

    numbers = asyncio.run(play())

    assert numbers[0] == 2
    assert numbers == sorted(numbers)


def test_who_comes_back_with_the_last_number_gets_the_rest_once(conversation, now):
    for text in ("一", "二"):
        api.say_as_visitor(reference=conversation.reference, visitor=BROWSER, text=text, sent_as=uuid4(), now=now)

    async def play():
        peer = Peer(f"proof={proof_of(conversation)}&after=3")
        await peer.hear()
        news = await peer.hear()
        await peer.leave()
        return news

    news = asyncio.run(play())

    assert (news["last"], news["html"].count("data-seq")) == (4, 1)


@pytest.mark.parametrize("query", ["", "proof=forged", "proof="])
def test_without_a_proof_it_does_not_open(conversation, query):
    async def play():
        peer = Peer(query)
        answer = await peer.hear()
        await peer.task
        return answer

    assert asyncio.run(play()) == {"type": "websocket.close", "code": live.REFUSED}


def test_another_address_does_not_open(conversation):
    async def play():
        peer = Peer(f"proof={proof_of(conversation)}", path="/live/else/")
        return await peer.hear()

    assert asyncio.run(play())["code"] == live.REFUSED
