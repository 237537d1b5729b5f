"""
Conversations under load: many browsers listen by WebSocket while people speak, and the servers die meanwhile.

    make demo                                     # in another terminal
    python tests/load/chat.py [--port 8000] [--connections 200] [--rate 10] [--seconds 30] [--kill web live]

Each listener keeps the number of the last message it heard and connects again from there, and whoever speaks tries
again under the same number of their own, both as the page does. At even distances the named processes of the suite are
killed (kill -9, with their children); the supervisor starts them anew. Shown: whether anything that was said was lost,
doubled or out of order, in the database and at any listener, and how long it took to arrive. Ends with 1 if so.
"""

import argparse
import json
import os
import re
import signal
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import websocket

SEQ = re.compile(r'data-seq="(\d+)"')
# Number and words of what people said, of a conversation as its page shows it.
SAID = re.compile(r'data-seq="(\d+)"(?:(?!data-seq).)*?<p lang="[^"]*">([^<]+)</p>', re.DOTALL)
PATIENCE_SECONDS = 90.0
LOOK_AGAIN_SECONDS = 0.25
PAGE = 200  # messages that one look returns


class Visitor:
    """A browser that began a conversation."""

    def __init__(self, base: str) -> None:
        self.base, self.cookies = base, CookieJar()
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))
        self._open("/chat/")
        page = self._post("/chat/", topic="OTHER", text="begun", sent_as=str(uuid.uuid4()))
        self.path = page.geturl().removeprefix(base).split("#")[0]
        self.proof: str = self.news(0)["proof"]
        self.sent: dict[str, float] = {}
        self.tries = 0

    def say(self, text: str) -> None:
        """Say something until it is acknowledged, as one message."""
        sent_as, self.sent[text] = str(uuid.uuid4()), time.monotonic()
        while True:
            self.tries += 1
            try:
                self._post(self.path, text=text, sent_as=sent_as, after="1000000").read()
            except HTTPError as refusal:
                # Behind a proxy a killed server is a 502; what the suite itself refuses is no matter of trying again.
                if refusal.code < 500:
                    raise
            except (OSError, HTTPException):
                if time.monotonic() - self.sent[text] > PATIENCE_SECONDS:
                    raise
            else:
                return
            time.sleep(LOOK_AGAIN_SECONDS)

    def news(self, after: int) -> dict[str, Any]:
        """Ask what is new."""
        return json.load(self._open(f"{self.path}news/?after={after}"))

    def read(self) -> list[tuple[int, str]]:
        """Number and words of all that was said, from the database."""
        found: list[tuple[int, str]] = []
        last = 0
        while (news := self.news(last))["last"] > last:
            found += [(int(seq), words) for seq, words in SAID.findall(news["html"])]
            last = news["last"]
        return found

    def count(self) -> int:
        """How many messages the conversation has, notes of the suite among them."""
        last = 0
        while (news := self.news(last))["last"] > last:
            last = news["last"]
        return last

    def _open(self, path: str) -> Any:
        return self.browser.open(self.base + path, timeout=10)

    def _post(self, path: str, **form: str) -> Any:
        """Send a form, with the token of the cookie; JSON is asked for where a script would."""
        token = next(cookie.value for cookie in self.cookies if cookie.name == "xc_csrf")
        headers = {"X-CSRFToken": token or "", "Referer": self.base}
        if path != "/chat/":
            headers["Accept"] = "application/json"
        return self.browser.open(Request(self.base + path, urlencode(form).encode(), headers), timeout=10)  # noqa: S310


@dataclass
class Listener:
    """A page of a visitor's that hears by WebSocket, and connects again from the last number."""

    visitor: Visitor
    live: str
    stop: threading.Event
    heard: list[tuple[int, float]] = field(default_factory=list)
    connections: int = 0

    @property
    def last(self) -> int:
        """The number to go on from."""
        return self.heard[-1][0] if self.heard else 0

    def run(self) -> None:
        """Hear until it is over."""
        while not self.stop.is_set():
            address = f"{self.live}/live/chat/?after={self.last}&proof={quote(self.visitor.proof)}"
            try:
                link = websocket.create_connection(address, timeout=5)
            except (OSError, websocket.WebSocketException):
                self.stop.wait(LOOK_AGAIN_SECONDS)
                continue
            self.connections += 1
            with suppress(OSError, websocket.WebSocketException):
                self._hear(link)
            link.close()

    def _hear(self, link: websocket.WebSocket) -> None:
        link.settimeout(1)
        while not self.stop.is_set():
            try:
                text = link.recv()
            except websocket.WebSocketTimeoutException:
                continue
            if not text:
                return
            self.heard += [(int(seq), time.monotonic()) for seq in SEQ.findall(json.loads(text)["html"])]


def speak(visitors: list[Visitor], *, rate: float, total: int, failures: list[str]) -> list[threading.Thread]:
    """Let everybody speak in turn, ``rate`` messages a second in all, each on a thread of their own."""
    begun = time.monotonic()

    def run(number: int) -> None:
        try:
            for turn in range(number, total, len(visitors)):
                time.sleep(max(0.0, begun + turn / rate - time.monotonic()))
                visitors[number].say(f"message {turn}")
        except (OSError, HTTPException) as error:
            failures.append(f"{visitors[number].path}: {error}")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(visitors))]
    for thread in threads:
        thread.start()
    return threads


def kill(home: Path, name: str) -> None:
    """Kill a process of the suite and its children, as the operating system would."""
    record = json.loads((home / "run" / "processes.json").read_text())["processes"][name]
    os.killpg(record["pid"], signal.SIGKILL)


def live_address(home: Path) -> str:
    """Where the suite's live server is."""
    return json.loads((home / "run" / "processes.json").read_text())["live_url"]


def play(
    base: str,
    live: str,
    *,
    conversations: int,
    connections: int,
    rate: float,
    total: int,
    kills: Iterable[Any],
    listener: type[Listener] = Listener,
) -> tuple[list[Visitor], list[Listener], list[str]]:
    """
    Begin conversations, listen, speak, and call each of ``kills`` meanwhile, at even distances.

    Returns when everybody has heard everything, or nothing new came for a while.
    """
    visitors = [Visitor(base) for _ in range(conversations)]
    stop, failures = threading.Event(), list[str]()
    listeners = [listener(visitors[number % conversations], live, stop) for number in range(connections)]
    ears = [threading.Thread(target=one.run, daemon=True) for one in listeners]
    for ear in ears:
        ear.start()
    _wait(lambda: all(one.heard for one in listeners), seconds=PATIENCE_SECONDS)
    kills = list(kills)
    begun, seconds = time.monotonic(), total / rate
    mouths = speak(visitors, rate=rate, total=total, failures=failures)
    for number, strike in enumerate(kills, start=1):
        time.sleep(max(0.0, begun + seconds * number / (len(kills) + 1) - time.monotonic()))
        strike()
    for mouth in mouths:
        mouth.join()
    lasts = {id(visitor): visitor.count() for visitor in visitors}
    _wait(
        lambda: all(one.heard and one.heard[-1][0] >= lasts[id(one.visitor)] for one in listeners),
        seconds=PATIENCE_SECONDS,
    )
    stop.set()
    for ear in ears:
        ear.join(timeout=10)
    return visitors, listeners, failures


def faults_of(visitors: list[Visitor], listeners: list[Listener]) -> list[str]:
    """Say what was lost, doubled or out of order; nothing: all is well."""
    faults = []
    for visitor in visitors:
        kept = [words for _, words in visitor.read() if words != "begun"]
        if kept != list(visitor.sent):
            faults.append(f"{visitor.path} keeps {kept}, said was {list(visitor.sent)}")
    counts = {id(visitor): visitor.count() for visitor in visitors}
    for listener in listeners:
        seqs = [seq for seq, _ in listener.heard]
        if seqs != list(range(1, counts[id(listener.visitor)] + 1)):
            faults.append(f"a listener of {listener.visitor.path} heard {seqs}")
    return faults


def waits_of(visitors: list[Visitor], listeners: list[Listener]) -> list[float]:
    """Seconds from the first try to say something until a listener heard it, the shortest first."""
    words = {id(visitor): dict(visitor.read()) for visitor in visitors}
    waits = []
    for listener in listeners:
        for seq, at in listener.heard:
            said_at = listener.visitor.sent.get(words[id(listener.visitor)].get(seq, ""))
            if said_at is not None:
                waits.append(at - said_at)
    return sorted(waits)


def _wait(done: Any, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done() and time.monotonic() < until:
        time.sleep(LOOK_AGAIN_SECONDS)


def main() -> int:
    """Play, measure, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {"port": 8000, "conversations": 20, "connections": 200, "rate": 10, "seconds": 30}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("S2B2C_HOME") or ".local"))
    parser.add_argument("--kill", nargs="*", default=["web", "live"], help="processes to kill while people speak")
    asked = parser.parse_args()
    visitors, listeners, failures = play(
        f"http://127.0.0.1:{asked.port}",
        live_address(asked.home),
        conversations=asked.conversations,
        connections=asked.connections,
        rate=asked.rate,
        total=asked.rate * asked.seconds,
        kills=[lambda name=name: kill(asked.home, name) for name in asked.kill],
    )
    faults, waits = failures + faults_of(visitors, listeners), waits_of(visitors, listeners)
    said, tries = sum(len(one.sent) for one in visitors), sum(one.tries for one in visitors)
    heard, links = sum(len(one.heard) for one in listeners), sum(one.connections for one in listeners)
    print(f"said {said} messages in {tries} tries, in {len(visitors)} conversations; killed {', '.join(asked.kill)}")
    print(f"heard {heard} by {len(listeners)} listeners over {links} connections")
    print(
        f"seconds to arrive: middle {statistics.median(waits):.3f}, 99 % {waits[int(len(waits) * 0.99)]:.3f}, ", end=""
    )
    print(f"most {waits[-1]:.3f}; lost, doubled or out of order: {len(faults)}")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
