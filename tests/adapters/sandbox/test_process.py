"""The process itself: keys, restarts, pauses, the control door, the log."""

import ast
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.adapters.receiver import Receiver
from tests.adapters.sandbox.test_wechatpay import make_client
from tests.adapters.sandbox_process import PROJECT, SandboxProcess, find_free_port, running_sandbox

SECRETS = ("WECHATPAY_API_V3_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SMS_ACCESS_KEY_SECRET")


@pytest.fixture
def own_sandbox(receiver: Receiver, tmp_path: Path) -> SandboxProcess:
    """A sandbox that the test may stop and start, not yet running."""
    return SandboxProcess(home=tmp_path / "home", port=find_free_port(), notify_base=receiver.url)


def order_native(sandbox: SandboxProcess, number: str, *, notify_url: str, total: int = 100) -> str:
    """Order a WeChat Pay payment; return the cashier's address."""
    status, body = make_client(sandbox).pay(
        description="x", out_trade_no=number, amount={"total": total}, notify_url=notify_url
    )
    assert status == 200, body
    return json.loads(body)["code_url"]


def test_init_keeps_the_keys_and_rewrites_the_addresses(tmp_path):
    def init(base_url: str) -> dict[str, str]:
        command = [sys.executable, "-m", "apps.sandbox", "init", "--home", str(tmp_path)]
        addresses = ["--base-url", base_url, "--notify-base", "http://127.0.0.1:9"]
        subprocess.run([*command, *addresses], cwd=PROJECT, check=True, capture_output=True)
        lines = (tmp_path / "merchant.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    first, second = init("http://127.0.0.1:9101"), init("http://127.0.0.1:9102")

    changed = {name for name in first if first[name] != second[name]}
    bases = {f"{name}_BASE_URL" for name in ("WECHATPAY", "STRIPE", "LENDER", "LOGISTICS")}
    assert changed == bases | {"ALIPAY_GATEWAY_URL", "SMS_ENDPOINT"}
    assert (second["ALIPAY_GATEWAY_URL"], second["SMS_ENDPOINT"]) == (
        "http://127.0.0.1:9102/gateway.do",
        "127.0.0.1:9102",
    )
    assert all(Path(first[name]).read_text().startswith("-----BEGIN") for name in first if name.endswith("_FILE"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.rglob("*") if path.is_file())


def test_a_waiting_notification_survives_a_kill_and_a_restart(own_sandbox, receiver, new_number):
    receiver.answer = lambda _: (500, "")
    own_sandbox.retry_scale = 0.05
    own_sandbox.start()
    url = order_native(own_sandbox, new_number(), notify_url=receiver.url + "/n/")
    own_sandbox.decide(url, result="success")
    receiver.wait_for(1)

    own_sandbox.kill()
    receiver.clear()
    own_sandbox.start()

    try:
        assert make_client(own_sandbox).callback(receiver.wait_for(1)[0].headers, receiver.received[0].body)
        assert receiver.stays_at(1)
    finally:
        assert own_sandbox.stop() == 0


def test_it_stops_cleanly_even_while_a_request_hangs(own_sandbox):
    own_sandbox.start()
    own_sandbox.control("pause", provider="stripe", mode="hang")
    hanging = threading.Thread(target=lambda: _ask_quietly(own_sandbox.base_url + "/v1/account"))
    hanging.start()
    _wait_until(lambda: json.loads(own_sandbox.get("/_control/")[1])["waiting"] == {"stripe": 1})

    assert own_sandbox.stop() == 0
    hanging.join(5)
    assert not hanging.is_alive()


def _ask_quietly(url: str) -> None:
    try:
        requests.get(url, timeout=8)
    except requests.RequestException:
        return


def _wait_until(is_true: Any) -> None:
    for _ in range(10_000):
        if is_true():
            return
    raise AssertionError("it never came true")


def test_a_paused_provider_answers_errors_while_its_cashier_and_the_others_work(sandbox, receiver, new_number):
    number = new_number()
    url = order_native(sandbox, number, notify_url=receiver.url + "/n/")
    sandbox.control("pause", provider="wechatpay", mode="error")
    try:
        assert make_client(sandbox).query(out_trade_no=number)[0] == 500
        assert sandbox.decide(url, result="success")["status"] == "paid"
        assert sandbox.get("/v1/account")[0] == 401
        assert json.loads(sandbox.get("/_control/")[1])["paused"] == {"wechatpay": "error"}
    finally:
        sandbox.control("resume", provider="wechatpay")
    assert make_client(sandbox).query(out_trade_no=number)[0] == 200
    receiver.wait_for(1)


@pytest.mark.parametrize("mode, status", [("hang", 404), ("lose_answer", 200)])
def test_a_hanging_provider_outlasts_the_client_and_may_or_may_not_have_done_the_work(
    sandbox, new_number, mode, status
):
    client, number = make_client(sandbox), new_number()
    client._core._timeout = 1
    sandbox.control("pause", provider="wechatpay", mode=mode)
    try:
        with pytest.raises(requests.Timeout):
            client.pay(description="x", out_trade_no=number, amount={"total": 1}, notify_url="http://127.0.0.1:9/n/")
    finally:
        sandbox.control("resume", provider="wechatpay")

    assert client.query(out_trade_no=number)[0] == status


def test_held_notifications_wait_for_their_release(sandbox, receiver, new_number):
    url = order_native(sandbox, new_number(), notify_url=receiver.url + "/n/")
    sandbox.control("hold", provider="wechatpay")
    sandbox.decide(url, result="success")
    try:
        assert receiver.stays_at(0)
    finally:
        sandbox.control("release", provider="wechatpay")

    receiver.wait_for(1)


def test_any_notification_can_be_replayed(sandbox, receiver, new_number):
    url = order_native(sandbox, new_number(), notify_url=receiver.url + "/n/")
    sandbox.decide(url, result="success")
    receiver.wait_for(1)

    sandbox.control("replay", delivery=sandbox.deliveries()[0]["id"])

    first, second = (make_client(sandbox).callback(item.headers, item.body) for item in receiver.wait_for(2))
    assert first["id"] == second["id"]
    assert sandbox.post_json("/_control/", {"action": "replay", "delivery": 10**9})[0] == 404


def test_refunds_can_be_told_to_fail(sandbox, receiver, new_number):
    number, refund_number = new_number(), new_number()
    client = make_client(sandbox)
    url = order_native(sandbox, number, notify_url=receiver.url + "/n/")
    sandbox.decide(url, result="success", notify="never")
    amount = {"refund": 100, "total": 100, "currency": "CNY"}
    sandbox.control("refunds", provider="wechatpay", result="fail", notify="once")
    try:
        client.refund(out_refund_no=refund_number, out_trade_no=number, amount=amount, notify_url=receiver.url + "/r/")
    finally:
        sandbox.control("refunds", provider="wechatpay")

    notice = client.callback(receiver.wait_for(1)[0].headers, receiver.received[0].body)
    assert notice["event_type"] == "REFUND.ABNORMAL"
    assert json.loads(client.query_refund(refund_number)[1])["status"] == "ABNORMAL"


@pytest.mark.parametrize(
    "decision",
    [
        {"result": "perhaps"},
        {"result": "success", "notify": "thrice"},
        {"result": "success", "delay_seconds": "soon"},
        {"result": "success", "delay_seconds": -1},
        {},
    ],
)
def test_a_decision_the_cashier_does_not_know_changes_nothing(sandbox, receiver, new_number, decision):
    number = new_number()
    url = order_native(sandbox, number, notify_url=receiver.url + "/n/")

    status, answer = sandbox.post_json(url, decision)

    assert (status, answer["code"]) == (400, "bad_decision")
    assert json.loads(make_client(sandbox).query(out_trade_no=number)[1])["trade_state"] == "NOTPAY"


def test_an_unknown_cashier_address_is_not_found(sandbox):
    assert sandbox.post_json("/wechatpay/cashier/?prepay_id=nobody", {"result": "success"})[0] == 404
    assert sandbox.get("/alipay/cashier/?trade=nobody")[0] == 404
    assert sandbox.get("/stripe/statement/?date=yesterday")[0] == 400


def test_the_log_has_a_json_line_for_each_request_and_no_secret(own_sandbox, receiver, new_number):
    own_sandbox.start()
    try:
        url = order_native(own_sandbox, new_number(), notify_url=receiver.url + "/n/")
        own_sandbox.decide(url, result="success")
        receiver.wait_for(1)
        own_sandbox.get("/gateway.do?method=alipay.trade.query")
    finally:
        own_sandbox.stop()

    text = own_sandbox.log_file.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert ("POST", "/v3/pay/transactions/native", 200) in [
        (line.get("method"), line.get("path"), line.get("status")) for line in lines
    ]
    assert [(line["method"], line["path"]) for line in lines if line.get("api") == "alipay.trade.query"] == [
        ("GET", "/gateway.do")
    ]
    assert "Traceback" not in text
    assert [line["state"] for line in lines if line.get("kind") == "TRANSACTION.SUCCESS"] == ["ACCEPTED"]
    assert not [name for name in SECRETS if own_sandbox.env[name] in text]


def test_two_sandboxes_run_side_by_side_with_keys_of_their_own(sandbox, receiver, tmp_path, new_number):
    with running_sandbox(tmp_path / "second", notify_base=receiver.url) as second:
        stranger = make_client(second)
        stranger._core._gate_way = sandbox.base_url

        assert second.env["WECHATPAY_API_V3_KEY"] != sandbox.env["WECHATPAY_API_V3_KEY"]
        assert stranger.query(out_trade_no=new_number())[0] == 401


def test_it_imports_nothing_of_ours_and_no_provider_sdk():
    allowed = {"starlette", "uvicorn", "httpx", "cryptography", *sys.stdlib_module_names}
    strangers = set()
    for path in (PROJECT / "apps" / "sandbox").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            strangers |= {n for n in names if n.split(".")[0] not in allowed and not n.startswith("apps.sandbox")}

    assert strangers == set()
