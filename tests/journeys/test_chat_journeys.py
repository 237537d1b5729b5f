"""Live service in the browser: a chat that becomes a lead, with and without a live connection, and without a script."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.apps.accounts.totp import code_of
from tests.journeys.figures.books import eventually
from tests.journeys.shop_visit import DESKTOP, PHONE, Visitor, open_browser, texts_of

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
OPEN_STORE, SHUT_STORE = "st-shanghai-pudong", "st-hangzhou-binjiang"
# Whatever the time: one dealer's desk is there round the clock, another's never; nobody is full.
HOURS = """
from apps.dealers.api import Store
from apps.support.api import Agent, Desk

days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
whole = {day: [["00:00", "23:59:59"]] for day in days}
for code, week in (("st-shanghai-pudong", whole), ("st-hangzhou-binjiang", {})):
    organization = Store.objects.get(code__iexact=code).dealer.organization
    Desk.objects.update_or_create(organization=organization, defaults={"opening_hours": week})
Agent.objects.update(most_open=50)
"""


@pytest.fixture(autouse=True)
def _patient() -> Iterator[None]:
    """A busy machine is no reason to fail: pages ask every few seconds."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def desks(suite):
    """The suite with desks that are there, and one that is not."""
    suite.wait_live()
    suite.manage("shell", "-v", "0", "-c", HOURS)
    return suite


@pytest.fixture(scope="module")
def chat_browser(desks) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(chat_browser, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(chat_browser, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def picture() -> dict:
    """A picture as somebody sends one."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "silver").save(content, "PNG")
    return {"name": "door.png", "mimeType": "image/png", "buffer": content.getvalue()}


def begin(visitor: Visitor, words: str, *, store: str = OPEN_STORE) -> str:
    """Ask a store's desk something on its page; the path of the conversation."""
    visitor.go(f"/chat/?store={store}")
    visitor.page.locator("[name=text]").fill(words)
    visitor.page.locator("main form.stack button.btn--primary").click()
    visitor.page.wait_for_url(re.compile(r"/chat/[A-Z0-9]{10}/"))
    return visitor.page.url.removeprefix(visitor.suite.base_url).partition("#")[0]


def refused(visitor: Visitor) -> None:
    """The page says what is wrong: looked over, and the 422 with which it came is no complaint."""
    visitor.look_over()
    expect(visitor.page.locator("#errors")).to_be_visible()
    visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]


def choose_store(place, name: str) -> None:
    """Choose a store by a part of its name, in whichever language."""
    option = place.locator("[name=store] option", has_text=re.compile(name)).first
    place.locator("[name=store]").select_option(option.get_attribute("value"))


def come_to_work(clerk: Visitor) -> None:
    """Sign in as the clerk of the store in Pudong and take conversations."""
    clerk.sign_in("clerk@demo.example", PASSWORD)
    clerk.go("/dealer/chat/")
    wish = clerk.page.locator("form:has([name=available][value='1']) button")
    if wish.count():
        wish.click()
        clerk.look_over()


def at_desk(path: str) -> str:
    """Where the desk has the conversation whose path for the customer this is."""
    return f"/dealer{path}"


def say(page: Page, words: str) -> None:
    """Say something on the page of a conversation."""
    page.locator("[data-say] textarea").fill(words)
    page.locator("[data-say] button").click()


def heard(page: Page, words: str):
    """Where the page shows something that was said."""
    return page.locator(".talk__said", has_text=words)


def numbers(page: Page) -> list[int]:
    """The numbers of the messages that the page shows."""
    return [int(one.get_attribute("data-seq") or 0) for one in page.locator(".talk__said").all()]


@pytest.mark.parametrize(
    ("language", "viewport", "phone"), [("zh-CN", PHONE, "13700137001"), ("en-US", DESKTOP, "13700137002")]
)
def test_a_chat_becomes_a_lead_that_the_dealer_sees(visit, language, viewport, phone):
    clerk = visit(language=language, viewport=viewport)
    come_to_work(clerk)
    visitor = visit(language=language, viewport=viewport)
    sockets: list[str] = []
    visitor.page.on("websocket", lambda socket: sockets.append(socket.url))
    visitor.go("/vehicles/qinglan/")
    visitor.page.locator("main a[href^='/chat/?car=']").click()
    visitor.look_over()
    choose_store(visitor.page, "浦东|Pudong")
    visitor.page.locator("[name=text]").fill("Is the blue one in the showroom?")
    visitor.page.locator("main form.stack button.btn--primary").click()
    visitor.page.wait_for_url(re.compile(r"/chat/[A-Z0-9]{10}/"))
    visitor.look_over()
    path = visitor.page.url.removeprefix(visitor.suite.base_url).partition("#")[0]

    # An agent who is there has it at once; both hear each other without reloading.
    clerk.go("/dealer/chat/")
    clerk.page.locator(f"a[href='{at_desk(path)}']").click()
    clerk.look_over()
    say(clerk.page, "Yes, since this morning.")
    expect(heard(visitor.page, "since this morning")).to_be_visible()
    visitor.page.locator("[data-say] [type=file]").set_input_files(picture())
    say(visitor.page, "Wonderful. <b>This</b> colour?")
    expect(heard(clerk.page, "<b>This</b> colour?").locator("img")).to_be_visible()
    expect(clerk.page.locator("[data-seen]")).to_be_visible()
    assert {one.partition("?")[0] for one in sockets} == {f"{visitor.suite.live_url}/live/chat/"}
    clerk.look_over()
    visitor.look_over()

    # A lead needs the customer's consent; the dealer finds it among the leads.
    clerk.page.locator("aside details:has(form[action$='/lead/']) > summary").click()
    clerk.page.locator("[name=name]").fill("Lin")
    clerk.page.locator("[name=phone]").fill(phone)
    clerk.page.locator("form[action$='/lead/'] button").click()
    refused(clerk)
    clerk.page.locator("[name=consent]").check()
    clerk.page.locator("form[action$='/lead/'] button").click()
    clerk.page.locator("aside a[href^='/dealer/leads/']").click()
    clerk.page.wait_for_url("**/dealer/leads/*/")
    expect(clerk.page.locator("main")).to_contain_text("Lin")
    clerk.look_over()

    visitor.page.locator("form[action$='/close/'] button").click()
    visitor.look_over()
    visitor.page.locator("[name=stars]").select_option("5")
    visitor.page.locator("form[action$='/rate/'] button").click()
    visitor.look_over()
    expect(visitor.page.locator("[name=stars]")).to_have_count(0)
    clerk.go(at_desk(path))
    expect(clerk.page.locator("aside")).to_contain_text("5 / 5")


def test_without_a_live_connection_the_page_asks(visit):
    clerk = visit(language="en-US")
    come_to_work(clerk)
    visitor = visit(viewport=PHONE)
    visitor.page.route_web_socket("**/live/**", lambda socket: socket.close())
    path = begin(visitor, "听得到吗？")

    clerk.go(at_desk(path))
    say(clerk.page, "Loud and clear.")

    expect(heard(visitor.page, "Loud and clear.")).to_be_visible()
    expect(visitor.page.locator("[data-trouble]")).to_be_hidden()


def test_a_page_that_lost_its_connection_goes_on_from_the_last_number(visit):
    clerk = visit(language="en-US")
    come_to_work(clerk)
    visitor = visit()
    links: list[WebSocketRoute] = []

    def let_through(socket: WebSocketRoute) -> None:
        links.append(socket)
        socket.connect_to_server()

    visitor.page.route_web_socket("**/live/**", let_through)
    path = begin(visitor, "请问还有现车吗？")
    clerk.go(at_desk(path))
    say(clerk.page, "One moment.")
    expect(heard(visitor.page, "One moment.")).to_be_visible()

    expect(clerk.page.locator("[data-say] textarea")).to_have_value("")
    lost = len(links)
    links[-1].close(code=1011)
    say(clerk.page, "Two are here.")
    expect(heard(visitor.page, "Two are here.")).to_be_visible()
    # The page connects again by itself, with the number of the last message it shows.
    for _ in range(200):
        if len(links) > lost:
            break
        visitor.page.wait_for_timeout(100)
    after = int(re.search(r"after=(\d+)", links[-1].url).group(1))
    assert (len(links) > lost, after) == (True, numbers(visitor.page)[-1])
    say(clerk.page, "See you.")
    expect(heard(visitor.page, "See you.")).to_have_count(1)
    assert numbers(visitor.page) == list(range(1, after + 2))


def test_what_is_said_while_something_is_on_its_way_follows_it(visit):
    visitor = visit()
    begin(visitor, "请问还有现车吗？")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and "第一句" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    visitor.page.route("**/chat/**", hold_the_first)
    say(visitor.page, "第一句")
    say(visitor.page, "第二句")
    assert held
    held[0].continue_()

    expect(heard(visitor.page, "第二句")).to_have_count(1)
    expect(heard(visitor.page, "第一句")).to_have_count(1)
    expect(visitor.page.locator("[data-say] textarea")).to_have_value("")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_desks_pages_are_without_barriers_by_night_and_when_empty(visit, viewport):
    manager = visit(language="en-US", viewport=viewport)
    manager.sign_in("dealer@demo.example", PASSWORD)
    manager.page.emulate_media(color_scheme="dark")
    for path in ("", "?show=left", "?show=closed", "agents/", "replies/"):
        manager.go(f"/dealer/chat/{path}")
    manager.page.locator("form.stack button").last.click()
    refused(manager)
    # Nothing of this dealer's is closed before the next test.
    other = visit(viewport=viewport)
    other.sign_in("dealer2@demo.example", PASSWORD)
    other.go("/dealer/chat/?show=closed")
    expect(other.page.locator(".dealer__card")).to_have_count(0)


def test_words_that_are_being_written_survive_a_change_of_status(visit):
    visitor = visit(viewport=PHONE)
    path = begin(visitor, "周六可以看车吗？", store=SHUT_STORE)
    page = visitor.page
    badge, words = page.locator("[data-part=badge]"), page.locator("[data-say] textarea")
    before = badge.inner_text()
    page.locator("[name=contact]").fill("13600136124")
    # What the page asks for when the status changes is held, so that something is written at that very moment.
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route(f"**{path}", hold_the_first)
    dealer = visit(language="en-US")
    dealer.sign_in("dealer2@demo.example", PASSWORD)
    dealer.go(at_desk(path))
    dealer.page.locator("form[action$='/take/'] button").click()
    dealer.look_over()
    for _ in range(300):
        if held:
            break
        page.wait_for_timeout(100)
    words.fill("还有一个问题")
    held[0].continue_()

    expect(badge).not_to_have_text(before)
    expect(words).to_have_value("还有一个问题")
    expect(page.locator("[name=contact]")).to_have_value("13600136124")
    page.locator("[data-say] button").click()
    expect(heard(page, "还有一个问题")).to_have_count(1)
    # A form nobody fills in any more goes with the rest.
    page.locator("[name=contact]").fill("")
    words.focus()
    expect(page.locator("[name=contact]")).to_have_count(0)
    visitor.look_over()

    # The end comes while both write: what they wrote stays where it is, and says why it is not sent.
    dealer.page.locator("aside details:has(form[action$='/lead/']) > summary").click()
    dealer.page.locator("[name=phone]").fill("13600136124")
    words.fill("谢谢，那我")
    closing = visit(language="en-US", viewport=PHONE, has_javascript=False)
    closing.sign_in("dealer2@demo.example", PASSWORD)
    closing.go(at_desk(path))
    closing.page.locator("form[action$='/close/'] button").click()
    expect(page.locator("main a[href='/chat/'].btn--primary")).to_be_visible()
    expect(page.locator("[name=stars]")).to_be_visible()
    expect(words).to_have_value("谢谢，那我")
    page.locator("[data-say] button").click()
    expect(page.locator("[data-refusal]")).to_be_visible()
    expect(words).to_have_value("谢谢，那我")
    expect(dealer.page.locator("[data-part=badge]")).to_have_text("Closed", use_inner_text=True)
    expect(dealer.page.locator("[name=phone]")).to_have_value("13600136124")
    for one in (visitor, dealer):
        one.complaints[:] = [complaint for complaint in one.complaints if "409" not in complaint]


@pytest.mark.parametrize(("language", "viewport"), [("zh-CN", PHONE), ("en-US", DESKTOP)])
def test_a_conversation_without_a_script(visit, language, viewport):
    clerk = visit(language=language, viewport=viewport, has_javascript=False)
    come_to_work(clerk)
    visitor = visit(language=language, viewport=viewport, has_javascript=False)
    path = begin(visitor, "Do you take my old car?")

    clerk.go(at_desk(path))
    say(clerk.page, "Yes, bring its papers.")
    visitor.page.locator("main a[href*='?look=']").click()
    expect(heard(visitor.page, "bring its papers")).to_be_visible()
    visitor.look_over()

    # A file that is not what it says: named, and the words are kept.
    visitor.page.locator("[data-say] [type=file]").set_input_files(
        {"name": "car.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    before = visitor.page.locator(".talk__said").count()
    say(visitor.page, "Look at this")
    refused(visitor)
    expect(visitor.page.locator("[data-say] textarea")).to_have_value("Look at this")
    assert visitor.page.locator(".talk__said").count() == before
    say(visitor.page, "Thank you")
    expect(heard(visitor.page, "Thank you")).to_be_visible()


def test_what_nobody_could_take_is_answered_later_and_the_link_leads_back(visit, suite):
    visitor = visit(viewport=PHONE)
    visitor.page.emulate_media(color_scheme="dark")
    path = begin(visitor, "周日可以提车吗？", store=SHUT_STORE)
    visitor.look_over()
    expect(visitor.page.locator(".talk__said--note")).to_be_visible()
    visitor.page.locator("[name=contact]").fill("somebody")
    visitor.page.locator("form[action$='/contact/'] button").click()
    refused(visitor)
    visitor.page.locator("[name=contact]").fill("13600136123")
    visitor.page.locator("form[action$='/contact/'] button").click()
    visitor.look_over()

    dealer = visit(language="en-US")
    dealer.sign_in("dealer2@demo.example", PASSWORD)
    dealer.go("/dealer/chat/?show=left")
    dealer.page.locator(f"a[href='{at_desk(path)}']").click()
    dealer.look_over()
    dealer.page.locator("form[action$='/take/'] button").click()
    dealer.look_over()
    say(dealer.page, "On Sunday from ten o'clock.")
    expect(heard(dealer.page, "from ten o'clock")).to_be_visible()

    told = eventually(lambda: texts_of(suite, "13600136123"), lambda texts: texts, seconds=90)[0]
    elsewhere = visit()
    elsewhere.go(re.search(r"https?://\S+?(/chat/back/[^\s。，]+)", told).group(1))
    elsewhere.page.locator("main form button").click()
    expect(heard(elsewhere.page, "from ten o'clock")).to_be_visible()
    elsewhere.look_over()


def test_the_panel_beside_a_page_of_the_shop(visit):
    clerk = visit(language="en-US")
    come_to_work(clerk)
    visitor = visit(viewport={"width": 1440, "height": 900})
    visitor.go("/")
    visitor.page.locator(".chat-tab").click()
    panel = visitor.page.locator("dialog.chat-panel")
    expect(panel.locator("[name=text]")).to_be_visible()
    visitor.look_over()
    choose_store(panel, "浦东")
    panel.locator("[name=text]").fill("可以试驾吗？")
    panel.locator("form.stack button.btn--primary").click()
    expect(panel.locator(".talk__said", has_text="可以试驾吗？")).to_be_visible()
    visitor.look_over()
    news = panel.locator("x-island.talk").get_attribute("data-news")
    clerk.go(at_desk(str(news).removesuffix("news/")))
    say(clerk.page, "Any day.")
    expect(panel.locator(".talk__said", has_text="Any day.")).to_be_visible()
    panel.locator(".chat-panel__close").click()
    expect(panel).to_be_hidden()


def test_headquarters_answers_what_names_no_store(visit):
    visitor = visit(viewport=PHONE)
    visitor.go("/chat/")
    visitor.page.locator("[name=text]").fill("订单可以改地址吗？")
    visitor.page.locator("main form.stack button.btn--primary").click()
    visitor.page.wait_for_url(re.compile(r"/chat/[A-Z0-9]{10}/"))
    path = visitor.page.url.removeprefix(visitor.suite.base_url).partition("#")[0]

    operator = visit(language="en-US")
    page = operator.page
    page.goto(f"/account/login/?next=/admin{path}")
    page.locator("[name=login]").fill("hq@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    # A code is taken once, and other journeys sign in as well.
    for steps in (0, 1, -1):
        page.locator("[name=code]").fill(code_of(TOTP_SECRET, steps=steps))
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        if not page.locator("[name=code]").count():
            break
    operator.look_over()
    page.locator("form[action$='/take/'] button").click()
    operator.look_over()
    say(page, "Yes, until it is shipped.")
    expect(heard(visitor.page, "until it is shipped")).to_be_visible()
    operator.go("/admin/chat/")
    operator.go("/admin/chat/agents/")
    operator.go("/admin/chat/replies/")
