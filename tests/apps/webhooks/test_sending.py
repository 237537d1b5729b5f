"""One call: to the address that was checked, bounded in time and size, led astray by nobody."""

import time

import pytest

from apps.integrations.webhooks import sending
from apps.integrations.webhooks.states import Failure
from tests.factories.webhooks import receiving


def call(url, *, resolver=sending.resolve, may_loop=True, deadline=2.0):
    return sending.post(
        url, body=b"{}", headers={"webhook-id": "1"}, deadline=deadline, may_loop=may_loop, resolver=resolver
    )


def test_a_message_arrives_and_the_answer_is_kept(receiver):
    def thanks(handler):
        handler.send_response(202)
        handler.end_headers()
        handler.wfile.write("谢谢".encode())

    receiver.answer = thanks

    answer = call(receiver.url)

    assert (answer.status_code, answer.excerpt, answer.is_success) == (202, "谢谢", True)
    assert answer.address == "127.0.0.1"


@pytest.mark.parametrize(
    "answers",
    [
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["fd00:ec2::254"],
    ],
)
def test_a_name_that_leads_inside_is_not_called(receiver, answers):
    port = receiver.url.rpartition(":")[2].partition("/")[0]

    answer = call(f"http://partner.example:{port}/", resolver=lambda host, port: answers, may_loop=False)

    assert (answer.failure, answer.status_code, answer.address) == (Failure.ADDRESS, None, "")
    assert receiver.bodies == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_seen_through(receiver, host):
    port = receiver.url.rpartition(":")[2].partition("/")[0]

    answer = call(f"http://{host}:{port}/", may_loop=False)

    assert answer.failure == Failure.ADDRESS
    assert receiver.bodies == []


def test_a_name_that_changes_its_address_between_two_looks_gains_nothing():
    """Rebinding: the second look-up would lead inside. There is none: what was checked is what is connected to."""
    looks = []

    def resolver(host, port):
        looks.append(host)
        return ["127.0.0.1"] if len(looks) == 1 else ["127.0.0.2"]

    with receiving("127.0.0.1") as first, receiving("127.0.0.2") as second:
        port = first.url.rpartition(":")[2].partition("/")[0]
        answer = call(f"http://partner.example:{port}/", resolver=resolver)

    assert (answer.status_code, len(looks), len(first.bodies), second.bodies) == (204, 1, 1, [])


def test_a_redirect_is_an_answer_and_not_followed(receiver):
    with receiving() as inner:

        def send_on(handler):
            handler.send_response(307)
            handler.send_header("Location", inner.url)
            handler.end_headers()

        receiver.answer = send_on
        answer = call(receiver.url)

    assert (answer.status_code, answer.failure) == (307, Failure.STATUS)
    assert inner.bodies == []


def drip(handler, pieces):
    try:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def test_headers_that_drip_do_not_outlast_the_deadline(receiver):
    receiver.answer = lambda handler: drip(handler, (b"H" for _ in range(200)))

    began = time.monotonic()
    answer = call(receiver.url, deadline=0.4)

    assert answer.failure in (Failure.TIMEOUT, Failure.PROTOCOL)
    assert time.monotonic() - began < 2


def test_a_body_without_end_is_cut_and_the_status_counts(receiver):
    def flood(handler):
        handler.send_response(200)
        handler.end_headers()
        drip(handler, (b"x" * 8192 for _ in range(500)))

    receiver.answer = flood

    began = time.monotonic()
    answer = call(receiver.url, deadline=5)

    assert (answer.status_code, len(answer.excerpt)) == (200, sending.EXCERPT)
    assert time.monotonic() - began < 3


def test_a_slow_name_server_does_not_outlast_the_deadline(receiver):
    def slow(host, port):
        time.sleep(1.5)
        return ["127.0.0.1"]

    began = time.monotonic()
    answer = call("http://partner.example:9/", resolver=slow, deadline=0.2)

    assert answer.failure == Failure.NAME
    assert time.monotonic() - began < 1.2


@pytest.mark.parametrize(
    ("reply", "failure"), [(b"SSH-2.0-OpenSSH_9.2\r\n", Failure.PROTOCOL), (b"", Failure.PROTOCOL)]
)
def test_what_is_not_http_is_a_failure(receiver, reply, failure):
    def speak(handler):
        handler.wfile.write(reply)
        handler.close_connection = True

    receiver.answer = speak

    assert call(receiver.url).failure == failure


def test_a_closed_port_and_an_unknown_name_are_failures(receiver):
    def nowhere(host, port):
        raise OSError("no such name")

    assert call("http://127.0.0.1:1/").failure == Failure.CONNECTION
    assert call("http://nowhere.example/", resolver=nowhere).failure == Failure.NAME
    assert call("http://nowhere.example/", resolver=lambda host, port: []).failure == Failure.NAME


def test_plain_http_where_tls_is_expected_is_a_failure(receiver):
    assert call(receiver.url.replace("http://", "https://")).failure in (Failure.TLS, Failure.CONNECTION)


def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert call(receiver.url).status_code == 204
