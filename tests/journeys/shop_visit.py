"""A visitor of the shop in a real browser, who notices what a person might not: broken assets, errors, barriers."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

# The headless build has no windows, tabs and menus of its own to draw: half the work of the whole browser.
CHROMIUM = next(path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists())
# Everything WCAG 2.2 AA asks for that a machine can check.
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What makes a page another page for axe: its markup, what is chosen in it, and how it is looked at.
APPEARANCE = """() => [document.documentElement.outerHTML, innerWidth,
    matchMedia("(prefers-color-scheme: dark)").matches, document.activeElement.id,
    [...document.querySelectorAll(":checked")].map((chosen) => chosen.id + chosen.value)].join()"""
TOKEN = re.compile(r'"[\w-]{32,}"')
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


_without_barriers: set[int] = set()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium; root, as in a container, needs it without its sandbox."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


class Visitor:
    """One person with one browser window on a suite; ``complaints`` gathers what went wrong unseen."""

    def __init__(
        self,
        browser: Browser,
        suite: Any,
        *,
        language: str = "zh-CN",
        viewport: dict[str, int] | None = None,
        has_javascript: bool = True,
        is_new: bool = False,
    ) -> None:
        self.suite = suite
        self.context = browser.new_context(
            base_url=suite.base_url,
            locale=language,
            viewport=viewport or DESKTOP,
            java_script_enabled=has_javascript,
            reduced_motion="reduce",
        )
        if not is_new:
            # Most people answered the question about cookies long ago; to who is new it is asked.
            self.context.add_cookies([{"name": "consent", "value": "1.", "url": suite.base_url}])
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.set_default_navigation_timeout(30_000)
        self.has_javascript = has_javascript
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("response", self._notice)

    def _is_at_shop(self) -> bool:
        return self.page.url.startswith(self.suite.base_url)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and self._is_at_shop():
            self.complaints.append(f"console on {self.page.url}: {message.text}")

    def _notice(self, response: Response) -> None:
        is_ours = response.url.startswith((self.suite.base_url, "data:"))
        if is_ours and response.status >= 400:
            self.complaints.append(f"{response.status} from {response.url}")
        if not is_ours and self._is_at_shop() and not response.request.is_navigation_request():
            self.complaints.append(f"{self.page.url} loads {response.url}")

    def go(self, path: str) -> None:
        """Open a page of the shop and look it over."""
        self.page.goto(path)
        self.look_over()

    def look_over(self) -> None:
        """Check the page for barriers, for sideways scrolling and for words of another language."""
        self.page.wait_for_load_state()
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(width) <= 0, f"{self.page.url} scrolls sideways"
        if self.has_javascript:
            self._look_for_barriers()
        if self.page.locator("html").get_attribute("lang") == "en":
            text = self.page.locator("body").inner_text().replace("中文", "")
            # What people wrote is in their own language, and says so.
            for foreign in self.page.locator("body [lang]").all_inner_texts():
                text = text.replace(foreign, "", 1)
            assert not CHINESE.search(text), f"Chinese on an English page, {self.page.url}: {text}"

    def _look_for_barriers(self) -> None:
        """Run axe, once for each appearance: the same page in the same state has nothing new to tell."""
        appearance = hash(TOKEN.sub("", self.page.evaluate(APPEARANCE)))
        if appearance in _without_barriers:
            return
        found = Axe().run(self.page, options=WCAG)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        _without_barriers.add(appearance)

    def leave(self) -> None:
        """Close the window; everything unseen must have been well."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)

    # What people do

    def sign_in(self, email: str, password: str) -> None:
        """Sign in on the sign-in page."""
        self.go("/account/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url("**/account/")

    def pay_at_cashier(self) -> None:
        """From the shop's cashier: open the provider's, pay there, come back and be led to the order."""
        here = self.page.url
        self.look_over()
        self.page.locator("main .cashier a.btn--primary").click()
        self.page.wait_for_url(f"{self.suite.sandbox_url}/**")
        self.page.locator("button[value=success]").click()
        self.page.wait_for_load_state()
        self.page.goto(here)
        # The page asks every few seconds; as soon as the provider's news is in, it leads to the order.
        self.page.wait_for_url("**/orders/**")

    def await_on_order(self, text: str) -> None:
        """Reload the order's page until it says ``text``."""
        for _ in range(30):
            try:
                expect(self.page.locator("main")).to_contain_text(text, timeout=1_000)
            except AssertionError:
                self.page.reload()
            else:
                return
        raise AssertionError(f"{text!r} never came:\n{self.page.locator('main').inner_text()}")


class Api:
    """An organization's own software on the REST API, signed in as an app."""

    def __init__(self, suite: Any, email: str, password: str) -> None:
        self.base = suite.base_url
        self.token = ""
        _, answer = self.post("/_allauth/app/v1/auth/login", {"email": email, "password": password})
        self.token = answer["meta"]["session_token"]

    def get(self, path: str) -> Any:
        """The answer to a GET."""
        return self._send("GET", path, None)[1]

    def post(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer of a POST."""
        return self._send("POST", path, body or {})

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if self.token:
            headers["X-Session-Token"] = self.token
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.base}{path}", data=data, headers=headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return response.status, json.load(response)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)


def texts_of(suite: Any, phone: str) -> list[str]:
    """What a phone shows, newest first."""
    with urllib.request.urlopen(f"{suite.sandbox_url}/sms/messages?phone={phone}", timeout=10) as response:  # noqa: S310
        return [message["text"] for message in json.load(response)]
