"""
A conversation under load: many browsers listen by WebSocket while somebody speaks, and a server dies meanwhile.

    LIVE_PORT=8002 make demo                      # in another terminal
    python tests/load/chat.py --port 8000 --live 8002 [--connections 200] [--rate 10] [--seconds 30]

Each listener keeps the number of the last message it heard and connects again from there, as the page does. Half-way
the live server is killed (kill -9); the supervisor starts it anew. Shown: how many messages were sent, how many each
listener heard, whether one was lost, doubled or out of order, and how long they took. Ends with 1 if one was.
"""

import argparse
import json
import re
import signal
import statistics
import sys
import threading
import time
import uuid
from http.cookiejar import CookieJar
from os import environ, kill
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import websocket

SEQ = re.compile(r'data-seq="(\d+)"')


class Visitor:
    """A browser that began a conversation."""

    def __init__(self, base: str) -> None:
        self.base, self.cookies = base, CookieJar()
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))
        self.get("/chat/")
        page = self.post("/chat/", topic="OTHER", text="Load", sent_as=str(uuid.uuid4()))
        self.path = page.geturl().removeprefix(base).split("#")[0]
        self.proof: str = self.news(0)["proof"]
        self.sent: dict[int, float] = {}

    def get(self, path: str) -> Any:
        """Open a page."""
        return self.browser.open(self.base + path, timeout=10)

    def post(self, path: str, **form: str) -> Any:
        """Send a form, with the token of the cookie; JSON is asked for where a script would."""
        token = next(cookie.value for cookie in self.cookies if cookie.name == "xc_csrf")
        headers = {"X-CSRFToken": token or "", "Referer": self.base}
        if path != "/chat/":
            headers["Accept"] = "application/json"
        return self.browser.open(Request(self.base + path, urlencode(form).encode(), headers), timeout=10)  # noqa: S310

    def say(self, text: str) -> None:
        """Say something, and remember when."""
        at = time.monotonic()
        answer = json.load(self.post(self.path, text=text, sent_as=str(uuid.uuid4())))
        self.sent[answer["last"]] = at

    def news(self, after: int) -> dict[str, Any]:
        """Ask what is new."""
        return json.load(self.get(f"{self.path}news/?after={after}"))


def listen(
    visitor: Visitor, live: str, heard: list[tuple[int, float]], stop: threading.Event, proof: list[str]
) -> None:
    """Hear until it is over; connect again from the last number."""
    last = 0
    while not stop.is_set():
        try:
            link = websocket.create_connection(
                f"{live}/live/chat/?after={last}&proof={quote(visitor.proof)}", timeout=2
            )
        except (OSError, websocket.WebSocketException):
            stop.wait(0.3)
            continue
        try:
            while not stop.is_set():
                try:
                    text = link.recv()
                except websocket.WebSocketTimeoutException:
                    continue
                if not text:
                    break
                for seq in map(int, SEQ.findall(json.loads(text)["html"])):
                    heard.append((seq, time.monotonic()))
                    last = max(last, seq)
        except (OSError, websocket.WebSocketException):
            continue
        finally:
            link.close()


def main() -> int:
    """Play, measure, judge."""
    parser = argparse.ArgumentParser()
    defaults = {"port": 8000, "live": 8002, "conversations": 20, "connections": 200, "rate": 10, "seconds": 30}
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    visitors = [Visitor(f"http://127.0.0.1:{asked.port}") for _ in range(asked.conversations)]
    stop, live = threading.Event(), f"ws://127.0.0.1:{asked.live}"
    heard: list[tuple[Visitor, list[tuple[int, float]]]] = []
    for number in range(asked.connections):
        heard.append((visitors[number % asked.conversations], []))
        threading.Thread(target=listen, args=(*heard[-1], live, stop), daemon=True).start()
    time.sleep(5)
    total, begun = asked.rate * asked.seconds, time.monotonic()
    for number in range(total):
        time.sleep(max(0.0, begun + number / asked.rate - time.monotonic()))
        visitors[number % asked.conversations].say(str(number))
        if number == total // 2:
            kill_live()
    print(f"sent {total} messages in {time.monotonic() - begun:.1f} s")
    time.sleep(8)
    stop.set()
    return judge(heard)


def kill_live() -> None:
    """Kill the live server of this suite, as the operating system would."""
    home = Path(environ.get("S2B2C_HOME") or ".local")
    record = json.loads((home / "run" / "processes.json").read_text())["processes"]["live"]
    kill(record["pid"], signal.SIGKILL)


def judge(heard: list[tuple[Visitor, list[tuple[int, float]]]]) -> int:
    """Say what came of it."""
    wanted = {visitor: list(range(1, visitor.news(0)["last"] + 1)) for visitor, _ in heard}
    wrong = [visitor for visitor, one in heard if [seq for seq, _ in one] != wanted[visitor]]
    waits = sorted(at - visitor.sent[seq] for visitor, one in heard for seq, at in one if seq in visitor.sent)
    count = sum(map(len, wanted.values()))
    print(f"messages {count}, listeners {len(heard)}, with a loss, a double or disorder {len(wrong)}")
    middle, late = statistics.median(waits), waits[int(len(waits) * 0.99)]
    print(f"seconds to arrive: median {middle:.3f}, 99 % {late:.3f}, most {waits[-1]:.3f}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
