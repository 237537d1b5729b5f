"""The shops that are measured side by side: started, filled, walked through, stopped."""

import itertools
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from checkout import ADDRESS, Browser, NotSold, buy_from_peer

PROJECT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "demo-pass-2026"
MOST_PATHS = 60
MANY = "1000000000/min"
WORDS = ("滤清器", "刹车片", "雨刮", "机油", "轮胎", "filter", "brake", "jiyou", "脚垫", "电瓶", "灯", "xc")


@dataclass
class Shop:
    """One shop under load: where it is, the addresses to ask for, and the processes whose CPU counts."""

    name: str
    base: str
    paths: dict[str, list[str]] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    # What else runs for an order: relay, worker, sandbox.
    helpers: dict[str, int] = field(default_factory=dict)
    # Cookies of somebody signed in; and of one to whom a message waits to be shown.
    cookie: str = ""
    told_cookie: str = ""
    stop: Callable[[], None] = lambda: None


class _Inputs(HTMLParser):
    """The values that a page's forms hold."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what an input would send."""
        given = {name: value or "" for name, value in attributes}
        is_choice = given.get("type") in ("radio", "checkbox")
        if tag == "input" and "name" in given and (not is_choice or "checked" in given):
            self.values[given["name"]] = given.get("value", "on" if is_choice else "")


# Ours


def start_ours(home: Path, port: int, products: int) -> Shop:
    """Start the whole suite like ``make demo``, served by two sync workers; fill it with parts; read its addresses."""
    environment = os.environ | {
        "PORT": str(port),
        "SANDBOX_PORT": str(port + 1),
        "S2B2C_HOME": str(home),
        "WEB_CLASS": "sync",
        "WEB_WORKERS": "2",
        "WEB_MAX_REQUESTS": "0",
        # Every visitor comes from one address here.
        **{f"THROTTLE_{name}": MANY for name in ("ANON", "USER", "CHECKOUT", "PAY")},
        "RATE_LOGIN": MANY.replace("min", "m/ip"),
    }
    base = f"http://127.0.0.1:{port}"
    if _answers(f"{base}/health/ready"):
        print(f"{base} runs already and is measured as it is.", file=sys.stderr)
        supervisor = None
    else:
        supervisor = subprocess.Popen([sys.executable, "-m", "s2b2c.supervisor"], cwd=PROJECT, env=environment)
        _await(f"{base}/health/ready", supervisor, seconds=1800)
    processes = json.loads((home / "run" / "processes.json").read_text())["processes"]
    pids = {name: entry["pid"] for name, entry in processes.items()}
    own = _environment_of(pids["web"])
    fill = [sys.executable, str(Path(__file__).with_name("fill_shelves.py")), str(products)]
    subprocess.run(fill, cwd=PROJECT, env=environment | own, check=True)
    shop = Shop(
        "ours",
        base,
        paths=_our_paths(base),
        pids={name: pids[name] for name in ("web", "postgres", "redis")},
        helpers={name: pid for name, pid in pids.items() if name not in ("web", "postgres", "redis")},
        stop=lambda: _end(supervisor) if supervisor else None,
    )
    shop.cookie, shop.told_cookie = sign_in(base)
    return shop


def _environment_of(pid: int) -> dict[str, str]:
    """Return where the suite's own servers are, as its web process was told."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    pairs = dict(line.split("=", 1) for line in told if "=" in line)
    return {name: pairs[name] for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "S2B2C_DEMO")}


def _our_paths(base: str) -> dict[str, list[str]]:
    browser = Browser(base)
    parts = browser.json("GET", "/api/v1/products/?kind=part&in_stock=true&page_size=100")
    cars = browser.json("GET", "/api/v1/products/?kind=vehicle&page_size=100")
    categories = [row["value"] for row in parts["facets"]["category"]][:20]
    brands = [row["value"] for row in parts["facets"]["brand"]][:3]
    series = sorted({urlsplit(browser.request("GET", f"/products/{row['slug']}/")[1]).path for row in cars["results"]})
    return {
        "home": ["/"],
        "list": [f"/parts/?{urlencode({'category': code})}" for code in categories],
        "facet": [
            f"/parts/?{urlencode({'category': code, 'brand': brand, 'in_stock': 1})}"
            for code in categories
            for brand in brands
        ][:MOST_PATHS],
        "search": [f"/search/?{urlencode({'q': word})}" for word in WORDS],
        "vehicle": [path for path in series if path],
        "part": [f"/products/{row['slug']}/" for row in parts["results"]][:MOST_PATHS],
    }


def sign_in(base: str) -> tuple[str, str]:
    """Sign the demo's consumer in; return the cookies as a header, and with a message that waits to be shown."""
    browser = Browser(base)
    browser.request("GET", "/account/login/")
    values = {"login": "consumer@demo.example", "password": PASSWORD}
    status, location, _ = _send(browser, "/account/login/", values)
    if status != 302 or not {"xc_session", "messages"} <= browser.cookies.keys():
        raise SystemExit(f"The demo's consumer could not sign in: {status} {location}")
    cookies = [f"{name}={value}" for name, value in browser.cookies.items()]
    return "; ".join(one for one in cookies if not one.startswith("messages=")), "; ".join(cookies)


def _send(browser: Browser, path: str, values: Mapping[str, Any]) -> tuple[int, str, bytes]:
    body = urlencode({**values, "csrfmiddlewaretoken": browser.cookies.get("xc_csrf", "")}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": browser.base + path}
    return browser.request("POST", path, body, headers)


def add_to_our_cart(shop: Shop) -> Callable[[int], None]:
    """Return the step that puts a part into a fresh guest's cart, by the form of its page."""
    paths = itertools.cycle(shop.paths["part"])
    first = Browser(shop.base)
    first.request("GET", shop.paths["part"][0])
    secret = first.cookies["xc_csrf"]

    def add(number: int) -> None:
        browser = Browser(shop.base)
        browser.cookies["xc_csrf"] = secret
        path = next(paths)
        status, location, _ = _send(browser, f"{path}add/", {"quantity": 1})
        if status != 302 or not location.startswith("/cart/"):
            raise NotSold(f"add: {status} {location}")

    return add


def check_out_of_ours(shop: Shop) -> Callable[[int], None]:
    """Return a guest's walk through every page of ours: part, cart, checkout, cashier."""
    paths = itertools.cycle(shop.paths["part"])

    def buy(number: int) -> None:
        browser, path = Browser(shop.base), next(paths)
        browser.request("GET", path)
        _send(browser, f"{path}add/", {"quantity": 1})
        browser.request("GET", "/cart/")
        form = _Inputs()
        form.feed(browser.request("GET", "/checkout/")[2].decode())
        values = form.values | {
            "email": f"guest{number}@load.example",
            "method": "delivery",
            "name": ADDRESS["name"],
            "recipient_phone": ADDRESS["phone"],
            **{name: ADDRESS[name] for name in ("province", "city", "district", "line")},
            "plan": "full",
            "provider": ("wechatpay", "alipay", "stripe")[number % 3],
        }
        status, location, page = _send(browser, "/checkout/", values)
        if status != 302 or not location.startswith("/checkout/pay/"):
            told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode(errors="replace")))
            raise NotSold(f"checkout: {status} {location} {told[:300]}")
        browser.request("GET", location)

    return buy


# The floor, and the peer


def start_empty(port: int) -> Shop:
    """Start an empty Django view behind two sync workers."""
    command = ["-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    server = subprocess.Popen([sys.executable, *command, "tests.load.empty_site:application"], cwd=PROJECT)
    base = f"http://127.0.0.1:{port}"
    _await(f"{base}/empty/", server, seconds=30)
    return Shop("empty", base, {"empty": ["/empty/"]}, {"web": server.pid}, stop=lambda: _end(server))


def start_peer(directory: Path, port: int) -> Shop:
    """Start a plain Oscar with its own ``up.sh PORT``, which prints ``base=… paths=… app_pid=… pg_pid=…``."""
    command = [str(directory / "up.sh"), str(port)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    last = told.stdout.strip().splitlines()[-1]
    found = dict(pair.split("=", 1) for pair in last.split())
    paths = json.loads(Path(found["paths"]).read_text())
    # A server that has only just come up is not named; its own note names it.
    noted = Path(found["paths"]).parent / "pgdata" / "postmaster.pid"
    postgres = found["pg_pid"] or noted.read_text().split("\n", 1)[0]
    pids = {"web": int(found["app_pid"]), "postgres": int(postgres)}

    def stop() -> None:
        for pid, how in ((pids["web"], signal.SIGTERM), (pids["postgres"], signal.SIGINT)):
            os.kill(pid, how)

    asked = {
        "home": paths["home"],
        "list": paths["category"],
        "facet": paths["category"],
        "search": paths["search"],
        "vehicle": paths["product"],
        "part": paths["product"],
    }
    shop = Shop(
        "plain Oscar", found["base"], {name: rows[:MOST_PATHS] for name, rows in asked.items()}, pids, stop=stop
    )
    shop.paths["_"] = [json.dumps(paths)]
    return shop


def add_to_peers_cart(shop: Shop) -> Callable[[int], None]:
    """Return the step that puts a product into a fresh guest's basket."""
    paths = json.loads(shop.paths["_"][0])
    first = Browser(shop.base)
    first.request("GET", paths["product"][0])
    token, adds = first.cookies["csrftoken"], list(paths["add"].values())

    def add(number: int) -> None:
        browser = Browser(shop.base)
        browser.cookies["csrftoken"] = token
        status, location, _ = browser.form(random.Random(number).choice(adds), {"quantity": 1})
        if status != 302:
            raise NotSold(f"add: {status} {location}")

    return add


def check_out_of_peer(shop: Shop) -> Callable[[int], None]:
    """Return a guest's walk through every page of a plain Oscar."""
    return buy_from_peer(shop.base, json.loads(shop.paths["_"][0]))


def _await(url: str, process: "subprocess.Popen[bytes]", *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _answers(url):
            return
        if process.poll() is not None:
            raise SystemExit(f"{url}: its server ended with {process.returncode}.")
        time.sleep(0.3)
    raise SystemExit(f"{url} did not answer within {seconds:.0f} s.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=60)
