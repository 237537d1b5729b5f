"""
How fast the storefront is: its pages from the page cache and for a signed-in visitor, carts and checkouts, beside an
empty Django view and a plain Oscar with as many products, in alternating rounds of one run.

    python tests/load/storefront.py [--plain-oscar ../shared/bench/plain-oscar] [--seconds 4] [--rounds 3]

Starts everything it measures, on loopback, each behind two sync gunicorn workers: the suite in ``--home`` with the
products of a large world, the empty view, and the peer by its ``up.sh`` (PLAIN_OSCAR says where, too; without it the
comparison with it stays empty). Needs ``wrk``. Prints a table in Markdown and writes it to ``--output``.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import shops
from checkout import Browser, NotSold, buy_ours
from shops import Shop

HERE = Path(__file__).resolve().parent
CONNECTIONS = 8
PAGES = ("home", "list", "facet", "search", "vehicle", "part")
HEADINGS = (
    "page",
    "from the cache: req/s · CPU-ms",
    "× Oscar",
    "× empty view",
    "as browsers ask (Brotli): req/s · CPU-ms",
    "× Oscar",
    "× empty view",
    "signed in: req/s · CPU-ms",
    "× Oscar",
    "rendered: req/s · CPU-ms",
    "× Oscar",
    "× less CPU than Oscar",
    "plain Oscar: req/s · CPU-ms",
)
# The peer does not know how to compress and sends the same to everybody.
AS_BROWSERS_ASK = "gzip, deflate, br"
ANSWERED = re.compile(r"JSON(\{.*\})")


@dataclass
class Row:
    """What one thing did to one shop, round by round: a second so many, CPU-ms each, ms at the median."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    refusals: int = 0

    @property
    def rate(self) -> float:
        """The median rate."""
        return statistics.median(self.rates) if self.rates else 0.0

    @property
    def cost(self) -> float:
        """The median cost."""
        return statistics.median(self.costs) if self.costs else 0.0


@dataclass(frozen=True)
class Task:
    """One thing to do to one shop for some seconds; it returns how many times it was done and how many failed."""

    what: str
    who: str
    pids: Mapping[str, int]
    run: Callable[[float], tuple[int, int]]
    prepare: Callable[[], None] = lambda: None


def get_pages(
    shop: Shop, what: str, *, cookie: str = "", encoding: str = "identity"
) -> Callable[[float], tuple[int, int]]:
    """Return a task that asks for a page's addresses in turn, over ``CONNECTIONS`` connections."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as listed:
        listed.write("\n".join(shop.paths[what]))

    def run(seconds: float) -> tuple[int, int]:
        told = {"URLS": listed.name, "COOKIE": cookie, "ENCODING": encoding, "HOST_SENT": urlsplit(shop.base).netloc}
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "60s", "-s", HERE / "pages.lua"]
        done = subprocess.run([*command, shop.base], env=os.environ | told, capture_output=True, text=True, check=True)
        found = ANSWERED.search(done.stdout)
        if found is None:
            raise SystemExit(f"wrk: {done.stdout[-400:]}{done.stderr[-400:]}")
        answer = json.loads(found[1])
        return answer["requests"] - answer["failed"], answer["failed"]

    return run


def visit_each(shop: Shop, what: str) -> None:
    """Ask for each address once, uncounted, so that what is measured from the cache is in it."""
    browser = Browser(shop.base)
    for path in shop.paths[what]:
        browser.request("GET", path, headers={"Accept-Encoding": "identity"})


def repeat(step: Callable[[int], None]) -> Callable[[float], tuple[int, int]]:
    """Return a task in which ``CONNECTIONS`` visitors do a step over and over."""
    numbers, lock = iter(range(10**9)), threading.Lock()

    def run(seconds: float) -> tuple[int, int]:
        deadline, done, refused = time.perf_counter() + seconds, [0], [0]

        def work() -> None:
            while time.perf_counter() < deadline:
                with lock:
                    number = next(numbers)
                try:
                    step(number)
                    done[0] += 1
                except (NotSold, OSError, http.client.HTTPException) as refusal:
                    refused[0] += 1
                    if refused[0] == 1:
                        print(refusal, file=sys.stderr)

        threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return done[0], refused[0]

    return run


def list_tasks(ours: Shop, empty: Shop, peer: Shop | None) -> Iterator[Task]:
    """Yield everything to be done in a round, rivals next to each other."""
    yield Task("empty view", "empty", empty.pids, get_pages(empty, "empty"))
    for what in PAGES:
        yield Task(what, "cached", ours.pids, get_pages(ours, what), partial(visit_each, ours, what))
        yield Task(what, "browser", ours.pids, get_pages(ours, what, encoding=AS_BROWSERS_ASK))
        yield Task(what, "signed in", ours.pids, get_pages(ours, what, cookie=ours.cookie))
        # A message waits to be shown to that member: no kept page will do.
        yield Task(what, "rendered", ours.pids, get_pages(ours, what, cookie=ours.told_cookie))
        if peer is not None:
            yield Task(what, "peer", peer.pids, get_pages(peer, what))
    everything = ours.pids | ours.helpers
    yield Task("add to cart", "guest", ours.pids, repeat(shops.add_to_our_cart(ours)))
    if peer is not None:
        yield Task("add to cart", "peer", peer.pids, repeat(shops.add_to_peers_cart(peer)))
    yield Task("checkout, pages", "guest", everything, repeat(shops.check_out_of_ours(ours)))
    yield Task("checkout, API", "guest", everything, repeat(buy_ours(ours.base, is_paid=False)))
    if peer is not None:
        yield Task("checkout, pages", "peer", peer.pids, repeat(shops.check_out_of_peer(peer)))


def measure(tasks: list[Task], *, rounds: int, seconds: float) -> dict[tuple[str, str], Row]:
    """Do every task once to warm up, then in ``rounds`` rounds."""
    rows: dict[tuple[str, str], Row] = {(task.what, task.who): Row() for task in tasks}
    for number in range(rounds + 1):
        for task in tasks:
            task.prepare()
            before, started = cpu_of(task.pids), time.perf_counter()
            done, refused = task.run(seconds if number else min(seconds, 2.0))
            elapsed = time.perf_counter() - started
            spent = cpu_of(task.pids) - before
            if not number:
                continue
            row = rows[task.what, task.who]
            row.rates.append(done / elapsed)
            row.costs.append(spent * 1000 / max(done, 1))
            row.refusals += refused
            print(f"{number} {task.what} {task.who}: {row.rates[-1]:.1f}/s {row.costs[-1]:.2f} ms", file=sys.stderr)
    return rows


def cpu_of(pids: Mapping[str, int]) -> float:
    """Return the CPU seconds that processes and their descendants, living and dead, have used."""
    total = 0.0
    for pid in pids.values():
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            try:
                total += sum(process.cpu_times()[:4])
            except psutil.NoSuchProcess:
                continue
    return total


def draw_table(rows: Mapping[tuple[str, str], Row], *, products: int, note: str) -> str:
    """Return the table in Markdown."""
    floor = rows["empty view", "empty"]
    lines = [
        f"{products:,} products each, 2 sync workers each, {CONNECTIONS} connections; {note}",
        "",
        f"| {' | '.join(HEADINGS)} |",
        "|---" * len(HEADINGS) + "|",
        f"| empty view | {_figures(floor)} | | 1 {'| ' * (len(HEADINGS) - 4)}|",
    ]
    for what in PAGES:
        cached, browser, signed = (rows.get((what, who)) for who in ("cached", "browser", "signed in"))
        rendered, peer = (rows.get((what, who)) for who in ("rendered", "peer"))
        cells = [_figures(cached), _times(cached, peer), _times(cached, floor)]
        cells += [_figures(browser), _times(browser, peer), _times(browser, floor)]
        cells += [_figures(signed), _times(signed, peer)]
        cells += [_figures(rendered), _times(rendered, peer), _thrift(rendered, peer), _figures(peer)]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    lines += ["", "| step | ours: a second · CPU-ms | × Oscar | × less CPU | plain Oscar |", "|---|---|---|---|---|"]
    for what in ("add to cart", "checkout, pages", "checkout, API"):
        own = rows.get((what, "guest"))
        peer = rows.get((what, "peer")) or (rows.get(("checkout, pages", "peer")) if "API" in what else None)
        lines.append(f"| {what} | {_figures(own)} | {_times(own, peer)} | {_thrift(own, peer)} | {_figures(peer)} |")
    refused = {f"{what} ({who})": row.refusals for (what, who), row in rows.items() if row.refusals}
    return "\n".join([*lines, "", f"Refused or failed: {refused or 'none'}."])


def _figures(row: Row | None) -> str:
    return f"{row.rate:,.1f} · {row.cost:.2f}" if row and row.rate else ""


def _times(row: Row | None, other: Row | None) -> str:
    return f"{row.rate / other.rate:.2f}" if row and other and other.rate else ""


def _thrift(row: Row | None, other: Row | None) -> str:
    return f"{other.cost / row.cost:.2f}" if row and other and row.cost else ""


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "s2b2c-load", help="our state; kept")
    parser.add_argument("--port", type=int, default=8161, help="the first of five ports")
    parser.add_argument("--products", type=int, default=5000, help="parts beside the demo's")
    parser.add_argument("--plain-oscar", type=Path, default=os.environ.get("PLAIN_OSCAR"), help="where its up.sh lies")
    parser.add_argument("--seconds", type=int, default=4, help="of each task in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="tasks whose name contains this")
    parser.add_argument("--output", type=Path, help="default: storefront-load.md in --home")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        parser.error("wrk is missing: apt-get install wrk")
    return options


def main() -> None:
    """Start, measure, print, stop."""
    options = read_arguments()
    running: list[Shop] = []
    try:
        running.append(ours := shops.start_ours(options.home, options.port, options.products))
        running.append(empty := shops.start_empty(options.port + 2))
        peer = shops.start_peer(Path(options.plain_oscar), options.port + 3) if options.plain_oscar else None
        if peer is not None:
            running.append(peer)
        tasks = [task for task in list_tasks(ours, empty, peer) if options.only in task.what or task.who == "empty"]
        load = f"load {os.getloadavg()[0]:.1f} before"
        rows = measure(tasks, rounds=options.rounds, seconds=options.seconds)
        note = f"{options.rounds} rounds of {options.seconds:g} s, medians; {load}, {os.getloadavg()[0]:.1f} after."
        table = draw_table(rows, products=options.products, note=note)
        print(table)
        output = options.output or options.home / "storefront-load.md"
        output.write_text(table + "\n")
    finally:
        for shop in reversed(running):
            shop.stop()


if __name__ == "__main__":
    main()
