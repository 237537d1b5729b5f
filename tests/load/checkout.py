"""
Orders a second: our checkout through the API beside a plain Oscar's checkout walk, in alternating rounds of one run.

    python tests/load/checkout.py --base http://127.0.0.1:8000 --home .local \
        --peer http://127.0.0.1:8100 --peer-paths paths.json --peer-pids APP,POSTGRES

"Ours" is cart and checkout: prices, routing, reservation, outbox, and the payment opened at the provider. "Paid" goes
on as the peer cannot: the provider notifies, the relay allocates the stock and splits the order, and the buyer looks
until it is placed. The peer's walk is what its pages ask of a guest, from the product to the thank-you page. Prints
JSON: every round, the medians, their ratios, and the CPU time an order costs, which a busy machine disturbs less.
"""

import argparse
import http.client
import itertools
import json
import os
import random
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ADDRESS = {
    "name": "李雷",
    "phone": "13800138000",
    "province": "上海市",
    "city": "上海市",
    "district": "浦东新区",
    "line": "世纪大道 100 号",
}
PEER_ADDRESS = {
    "first_name": "Li",
    "last_name": "Lei",
    "line4": "Shanghai",
    "postcode": "200000",
    "country": "CN",
    "state": "SH",
    "phone_number": "",
}


LOOK_AGAIN_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


class NotSold(Exception):
    """A walk that did not end with an order; the message says where."""


class Browser:
    """One keep-alive connection with a cookie jar."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Return (status, location, body); a connection that the server closed meanwhile is opened again once."""
        parts = urlsplit(path)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        for is_last in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=60)
            try:
                self.connection.request(method, path, body, sent)
                response = self.connection.getresponse()
                content = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.connection = None
                if is_last:
                    raise
        for line in response.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if response.getheader("Connection", "").lower() == "close":
            self.connection = None
        return response.status, response.getheader("Location") or "", content

    def json(self, method: str, path: str, values: Any = None, **headers: str) -> Any:
        """
        Send and read JSON.

        :raises NotSold: if the answer is a refusal
        """
        body = json.dumps(values).encode() if values is not None else None
        sent = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        status, _, content = self.request(method, path, body, sent)
        if status not in (200, 201):
            raise NotSold(f"{method} {path}: {status} {content[:200].decode(errors='replace')}")
        return json.loads(content)

    def form(self, path: str, values: Mapping[str, Any]) -> tuple[int, str, bytes]:
        """Post a form with the page's CSRF token."""
        values = {**values, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.base + path}
        return self.request("POST", path, urlencode(values).encode(), headers)


def buy_ours(base: str, *, is_paid: bool) -> Callable[[int], None]:
    """Return a walk that puts a part into a fresh cart and checks out as a guest; if asked, it pays at the sandbox."""
    page = Browser(base).json("GET", "/api/v1/products/?kind=part&in_stock=true&page_size=100")
    products = itertools.cycle([product["id"] for product in page["results"]])

    def buy(number: int) -> None:
        browser = Browser(base)
        cart = browser.json("POST", "/api/v1/cart/lines/", {"product_id": next(products), "quantity": 1})
        wish = {
            "email": f"guest{number}@load.example",
            "fulfilment": {"method": "delivery", "address": ADDRESS},
            "payment": {"provider": ("wechatpay", "alipay", "stripe")[number % 3], "plan": "full"},
            "expected_total": cart["total"],
        }
        answer = browser.json("POST", "/api/v1/checkout/", wish, Idempotency_Key=str(uuid.uuid4()))
        if is_paid:
            cashier = urlsplit(answer["payment"]["action"]["url"])
            decision = {"result": "success", "notify": "once"}
            Browser(f"{cashier.scheme}://{cashier.netloc}").json("POST", cashier.geturl(), decision)
            _await_placed(browser, answer["order"]["number"], answer["order_token"])

    return buy


def _await_placed(browser: Browser, number: str, token: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while browser.json("GET", f"/api/v1/orders/{number}/", X_Order_Token=token)["status"] != "PLACED":
        if time.monotonic() > deadline:
            raise NotSold(f"{number} was paid and not placed")
        time.sleep(LOOK_AGAIN_SECONDS)


def buy_from_peer(base: str, paths: Mapping[str, Any]) -> Callable[[int], None]:
    """Return a plain Oscar's guest walk through every page it shows."""
    adds, steps = list(paths["add"].values()), paths["checkout"]

    def buy(number: int) -> None:
        browser = Browser(base)
        browser.request("GET", paths["product"][0])
        browser.form(random.Random(number).choice(adds), {"quantity": 1})
        browser.request("GET", paths["basket"])
        browser.request("GET", steps["index"])
        browser.form(steps["index"], {"username": f"g{number}@load.example", "options": "anonymous"})
        browser.request("GET", steps["shipping-address"])
        browser.form(steps["shipping-address"], {**PEER_ADDRESS, "line1": f"{number} Road"})
        for step in ("shipping-method", "payment-method", "payment-details", "preview"):
            browser.request("GET", steps[step])
        status, location, _ = browser.form(steps["preview"], {"action": "place_order"})
        if status != 302 or urlsplit(location).path != urlsplit(steps["thank-you"]).path:
            raise NotSold(f"place_order: {status} {location}")
        browser.request("GET", steps["thank-you"])

    return buy


@dataclass
class Shop:
    """A shop under load: how to buy there, and which processes it consists of."""

    name: str
    buy: Callable[[int], None]
    pids: Mapping[str, int]
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds that each process has used with its descendants, living and dead."""
        return {name: _cpu_of(pid) for name, pid in self.pids.items()}

    def median(self, figure: str) -> float:
        """Return the median of one figure of all rounds."""
        return statistics.median(row[figure] for row in self.rounds)


def _cpu_of(pid: int) -> float:
    total, root = 0.0, psutil.Process(pid)
    for process in (root, *root.children(recursive=True)):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total


def race(shop: Shop, *, orders: int, buyers: int) -> dict[str, Any]:
    """Let ``buyers`` threads place ``orders`` orders; return rate, walk times in ms and CPU-ms an order."""
    numbers, lock, walks, refusals = iter(range(orders)), threading.Lock(), [], []

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            started = time.perf_counter()
            try:
                shop.buy(number)
            except (NotSold, OSError, http.client.HTTPException) as refusal:
                refusals.append(str(refusal))
            else:
                walks.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work) for _ in range(buyers)]
    before, started = shop.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, after = time.perf_counter() - started, shop.cpu()
    if not walks:
        raise SystemExit(f"{shop.name} sold nothing: {refusals[:1]}")
    for refusal in refusals[:3]:
        print(f"{shop.name}: {refusal}", file=sys.stderr)
    walks.sort()
    cpu = {name: round((after[name] - before[name]) * 1000 / len(walks), 1) for name in after}
    return {
        "orders": len(walks),
        "refused": len(refusals),
        "orders_per_second": round(len(walks) / elapsed, 2),
        "walk_p50_ms": round(statistics.median(walks)),
        "walk_p95_ms": round(walks[int(len(walks) * 0.95)]),
        "cpu_ms": round(sum(cpu.values()), 1),
        "cpu_ms_by_process": cpu,
    }


def compare(shop: Shop, peer: Shop) -> dict[str, float | None]:
    """Return how many times as fast, and as thrifty, a shop is as its peer."""
    is_measured = shop.pids and peer.pids
    return {
        "orders_per_second": round(shop.median("orders_per_second") / peer.median("orders_per_second"), 2),
        "cpu_ms": round(peer.median("cpu_ms") / shop.median("cpu_ms"), 2) if is_measured else None,
    }


def pids_of_suite(home: Path | None) -> dict[str, int]:
    """Return the processes of the suite that lives in ``home``, by name."""
    if home is None:
        return {}
    processes = json.loads((home / "run" / "processes.json").read_text())["processes"]
    return {name: entry["pid"] for name, entry in processes.items()}


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True, help="our suite")
    parser.add_argument("--home", type=Path, help="its S2B2C_HOME, to read what its processes use")
    parser.add_argument("--peer", help="a plain Oscar; without one only ours is measured")
    parser.add_argument("--peer-paths", type=Path, help="its addresses, as JSON")
    parser.add_argument("--peer-pids", default="", help="its gunicorn's and its PostgreSQL's process id: APP,POSTGRES")
    parser.add_argument("--orders", type=int, default=40, help="orders a round")
    parser.add_argument("--buyers", type=int, default=8, help="how many buy at once")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for address in filter(None, (options.base, options.peer)):
        if urlsplit(address).hostname not in LOOPBACK:
            parser.error("Only loopback addresses are loaded.")
    return options


def main() -> None:
    """Run the rounds and print JSON."""
    options = read_arguments()
    ours = pids_of_suite(options.home)
    shops = [
        Shop("ours", buy_ours(options.base, is_paid=False), ours),
        Shop("paid", buy_ours(options.base, is_paid=True), ours),
    ]
    if options.peer:
        pids = dict(zip(("web", "postgres"), map(int, filter(None, options.peer_pids.split(","))), strict=False))
        shops.append(Shop("peer", buy_from_peer(options.peer, json.loads(options.peer_paths.read_text())), pids))
    for shop in shops:
        race(shop, orders=2 * options.buyers, buyers=options.buyers)  # to warm up; not counted
    for _ in range(options.rounds):
        for shop in shops:
            shop.rounds.append(race(shop, orders=options.orders, buyers=options.buyers))
    result: dict[str, Any] = {"buyers": options.buyers, "cores": os.cpu_count(), "load": os.getloadavg()}
    figures = ("orders_per_second", "walk_p50_ms", "walk_p95_ms", "cpu_ms")
    for shop in shops:
        medians = {name: shop.median(name) for name in figures}
        result[shop.name] = {"median": medians, "rounds": shop.rounds}
    if options.peer:
        *mine, peer = shops
        result["ratio"] = {shop.name: compare(shop, peer) for shop in mine}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
