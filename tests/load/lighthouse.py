"""
Lighthouse on a phone: the scores of the shop's pages, the median of several runs.

    npm install --prefix ~/.cache/lighthouse lighthouse@13.5.0
    python tests/load/lighthouse.py --base http://127.0.0.1:8000 --runs 3 [--only home] [--keep DIRECTORY]

The demo must be running. Needs Node and Chromium (CHROME_PATH). The cart is measured with a part in it. Prints a table
in Markdown and what misses its goal; exits with 1 if anything does.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

COMMAND = Path.home() / ".cache" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Performance, LCP in ms, TBT in ms, CLS: the goals of every page; the configurator may score 90.
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 100}
MOST = {"largest-contentful-paint": 2000, "total-blocking-time": 150, "cumulative-layout-shift": 0.05}
CONFIGURATOR_PERFORMANCE = 90


@dataclass(frozen=True)
class Page:
    """A page to measure; ``cookie`` is sent along."""

    name: str
    path: str
    cookie: str = ""

    def goal(self, category: str) -> int:
        """The score that ``category`` must reach here."""
        is_lenient = self.name == "configurator" and category == "performance"
        return CONFIGURATOR_PERFORMANCE if is_lenient else GOALS[category]


class Shop:
    """Asks the running shop for its pages."""

    def __init__(self, base: str) -> None:
        self.host = urlsplit(base).netloc

    def ask(self, method: str, path: str, body: dict | None = None, **headers: str) -> tuple[dict, SimpleCookie, str]:
        """Return the answer's JSON (if it is JSON), its cookies and where it leads."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, urlencode(body) if body else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        cookies: SimpleCookie = SimpleCookie()
        for value in answer.headers.get_all("Set-Cookie", []):
            cookies.load(value)
        is_json = "json" in answer.headers.get("Content-Type", "")
        connection.close()
        return json.loads(text) if is_json else {}, cookies, answer.headers.get("Location", "")

    def pages(self) -> Iterator[Page]:
        """The six pages of the design's table."""
        car = self.ask("GET", "/api/v1/products/?kind=vehicle&page_size=1")[0]["results"][0]
        part = self.ask("GET", "/api/v1/products/?kind=part&in_stock=true&page_size=1")[0]["results"][0]
        configurator = self.ask("GET", f"/products/{car['slug']}/")[2]
        yield Page("home", "/")
        yield Page("list", "/parts/")
        yield Page("vehicle", urlsplit(configurator).path)
        yield Page("configurator", configurator)
        yield Page("part", f"/products/{part['slug']}/")
        yield Page("cart", "/cart/", cookie=self.fill_cart(part["slug"]))

    def fill_cart(self, slug: str) -> str:
        """Put the part into a guest's cart; the cookies that show it."""
        cookies = self.ask("GET", "/cart/")[1]
        token = cookies["csrftoken"].value if "csrftoken" in cookies else ""
        _, more, _ = self.ask(
            "POST",
            f"/products/{slug}/add/",
            {"quantity": 1, "csrfmiddlewaretoken": token},
            **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"},
        )
        cookies.update(more)
        return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())


def run(base: str, page: Page, report: Path) -> dict[str, float]:
    """Measure ``page`` once: scores of 0 to 100 by category, and LCP, TBT (ms) and CLS."""
    command = [
        str(COMMAND),
        base + page.path,
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={' '.join(FLAGS)}",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    # An address without a language is the Chinese page's own; in English it names another as its canonical one.
    headers = {"Accept-Language": "zh-CN"} | ({"Cookie": page.cookie} if page.cookie else {})
    command.append(f"--extra-headers={json.dumps(headers)}")
    environment = {"CHROME_PATH": "/usr/bin/chromium", **os.environ}
    subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL)
    found = json.loads(report.read_text())
    scores = {name: 100 * (found["categories"][name]["score"] or 0) for name in CATEGORIES}
    return scores | {name: found["audits"][name]["numericValue"] for name in MOST}


def misses(page: Page, medians: dict[str, float]) -> list[str]:
    """The figures that miss their goal."""
    low = [name for name in GOALS if round(medians[name]) < page.goal(name)]
    return low + [name for name, most in MOST.items() if medians[name] > most]


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    parser.add_argument("--keep", type=Path, help="a directory for the reports")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    print("| page | performance | accessibility | best practices | SEO | LCP ms | TBT ms | CLS |\n|---|" + "---|" * 7)
    missed = []
    for page in Shop(arguments.base).pages():
        if arguments.only and page.name not in arguments.only:
            continue
        runs = [run(arguments.base, page, folder / f"{page.name}-{number}.json") for number in range(arguments.runs)]
        medians = {name: statistics.median(one[name] for one in runs) for name in runs[0]}
        scores = " | ".join(f"{medians[name]:.0f}" for name in CATEGORIES)
        lcp, tbt, cls = (medians[name] for name in MOST)
        print(f"| {page.name} | {scores} | {lcp:.0f} | {tbt:.0f} | {cls:.3f} |", flush=True)
        missed += [f"{page.name}: {name}" for name in misses(page, medians)]
    print("\nMissed: " + ("; ".join(missed) or "nothing"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
