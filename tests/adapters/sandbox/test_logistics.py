"""The carrier's stand-in, over Kuaidi100's interface."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.adapters.receiver import Receiver, running_receiver
from tests.adapters.sandbox_process import SandboxProcess

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of its own: parcels go on moving after their test, a step a minute."""
    with running_receiver() as receiver:
        yield receiver


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def query(sandbox: SandboxProcess, number: str, *, key: str = "") -> dict[str, Any]:
    env = sandbox.env
    param = json.dumps({"com": "shunfeng", "num": number})
    sign = digest(param + (key or env["LOGISTICS_KEY"]) + env["LOGISTICS_CUSTOMER"])
    body = urlencode({"customer": env["LOGISTICS_CUSTOMER"], "sign": sign, "param": param})
    return json.loads(sandbox.request("/poll/query.do", body.encode(), FORM)[1])


def subscribe(sandbox: SandboxProcess, number: str, *, url: str, key: str = "") -> dict[str, Any]:
    param = {
        "company": "shunfeng",
        "number": number,
        "key": key or sandbox.env["LOGISTICS_KEY"],
        "parameters": {"callbackurl": url, "salt": "grain"},
    }
    body = urlencode({"schema": "json", "param": json.dumps(param)})
    return json.loads(sandbox.request("/poll", body.encode(), FORM)[1])


def test_a_parcel_is_picked_up_when_first_heard_of(sandbox):
    track = query(sandbox, "SF0001")

    assert (track["status"], track["state"], track["ischeck"]) == ("200", "1", "0")
    assert [line["status"] for line in track["data"]] == ["揽收"]


def test_a_subscriber_is_pushed_the_whole_track_newest_first(sandbox, receiver):
    receiver.answer = lambda _: (200, '{"result": true, "returnCode": "200", "message": "成功"}')
    assert subscribe(sandbox, "SF0002", url=receiver.url + "/track/")["result"] is True
    receiver.wait_for(1)

    sandbox.post_json("/logistics/parcels/", {"carrier": "shunfeng", "number": "SF0002", "state": "3"})

    fields = dict(parse_qsl(receiver.wait_for(2)[1].body.decode()))
    push = json.loads(fields["param"])
    assert fields["sign"] == digest(fields["param"] + "grain")
    assert push["status"] == "shutdown"
    assert [line["status"] for line in push["lastResult"]["data"]] == ["签收", "揽收"]
    assert query(sandbox, "SF0002")["ischeck"] == "1"
    waiting = [d for d in sandbox.deliveries() if d["kind"] == "TRACK shunfeng SF0002" and d["state"] == "WAITING"]
    assert waiting == []


def test_a_second_subscription_is_refused(sandbox, receiver):
    receiver.answer = lambda _: (200, '{"result":true}')
    subscribe(sandbox, "SF0003", url=receiver.url + "/track/")

    assert subscribe(sandbox, "SF0003", url=receiver.url + "/track/")["returnCode"] == "501"


def test_a_foreign_key_is_refused(sandbox, receiver):
    assert query(sandbox, "SF0004", key="nobody")["returnCode"] == "503"
    assert subscribe(sandbox, "SF0004", url=receiver.url, key="nobody")["returnCode"] == "600"
