"""Teams at work: somebody is invited, sees less than the manager, switches; headquarters looks over a shoulder."""

import email
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from s2b2c.supervisor import system
from tests.apps.accounts.totp import code_of
from tests.journeys.shop_visit import Visitor, open_browser

pytestmark = pytest.mark.journey
PASSWORD = "demo-pass-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
NEW_CLERK = "new.clerk@example.com"
SMALL = {"width": 390, "height": 844}
REASON = "The clerk cannot find an order, call of this morning"
SECOND_HOUSE = """
from django.utils import timezone
from apps.accounts.api import *
person = User.objects.get(email="clerk@demo.example")
mine = OrganizationMember.objects.get(user=person, is_active=True).organization
other = Organization.objects.filter(kind="DEALER", is_active=True).exclude(pk=mine.pk).order_by("pk").first()
add_member(user=person, organization=other, role=Role.DEALER_MANAGER, by=None, now=timezone.now())
print("other:", other.pk)
"""
PERSON = "from apps.accounts.api import User; print('person:', User.objects.get(email='{email}').pk)"


@pytest.fixture(scope="module")
def office(suite) -> Iterator[Browser]:
    """One Chromium for the journeys of this file."""
    with open_browser() as chromium:
        yield chromium


@pytest.fixture
def visit(office, suite) -> Iterator[Callable[..., Visitor]]:
    """``visit(**options)`` lets somebody in; at the end nothing may have gone wrong unseen."""
    visitors: list[Visitor] = []

    def let_in(**options) -> Visitor:
        visitors.append(Visitor(office, suite, **options))
        return visitors[-1]

    yield let_in
    for visitor in visitors:
        visitor.leave()


def link_for(suite, address: str) -> str:
    """The link in the newest invitation that was mailed to an address."""
    found: list[str] = []

    def has_come() -> bool:
        for file in sorted((suite.home / "outbox-mail").glob("*.log"), reverse=True):
            text = email.message_from_bytes(file.read_bytes())
            bodies = [part.get_payload(decode=True) or b"" for part in text.walk()]
            match = re.search(rb"(/account/invitation/[^\s/]+/)", b"\n".join(bodies))
            if match and address in str(text["To"]):
                found.append(match[1].decode())
                return True
        return False

    assert system.wait_until(has_come, seconds=60), "the invitation never came"
    return found[-1]


def number_of(suite, code: str, word: str) -> str:
    """What a line of Python in the suite's shell prints after ``word``."""
    return re.search(rf"{word}: (\d+)", suite.manage("shell", "-c", code))[1]


def test_a_clerk_is_invited_joins_and_sees_no_statement_team_or_keys(visit, suite):
    manager = visit(language="en")
    manager.sign_in("supplier@demo.example", PASSWORD)
    manager.go("/supplier/team/")
    manager.page.locator("#id_address").fill("nobody@")
    manager.page.get_by_role("button", name="Send invitation").click()
    expect(manager.page.locator("#id_address_error")).to_be_visible()
    manager.complaints.clear()  # the refused form answered 422
    manager.look_over()
    manager.page.locator("#id_address").fill(NEW_CLERK)
    manager.page.locator("#id_role").select_option("supplier_clerk")
    manager.page.get_by_role("button", name="Send invitation").click()
    expect(manager.page.locator("main")).to_contain_text(NEW_CLERK)
    manager.look_over()

    clerk = visit(language="en", viewport=SMALL)
    page = clerk.page
    clerk.go(link_for(suite, NEW_CLERK))
    page.get_by_role("link", name="Create an account").click()
    page.locator("[name=email]").fill(NEW_CLERK)
    page.locator("[name=password1]").fill("a-long-enough-password")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/account/invitation/**")
    clerk.look_over()
    page.get_by_role("button", name="Join the team").click()
    page.wait_for_url("**/supplier/")
    clerk.look_over()

    links = page.locator("a[href^='/supplier/']").evaluate_all("links => links.map(link => link.pathname)")
    assert not {"/supplier/statements/", "/supplier/team/", "/supplier/keys/"} & set(links)
    for closed in ("/supplier/statements/", "/supplier/team/", "/supplier/keys/"):
        assert page.request.get(closed).status == 403
        assert manager.page.request.get(closed).status == 200


def test_a_manager_makes_a_key_that_works_until_it_is_revoked(visit, suite):
    manager = visit(language="en", viewport=SMALL)
    manager.sign_in("supplier@demo.example", PASSWORD)
    page = manager.page
    manager.go("/supplier/keys/")
    page.locator("#id_name").fill("Warehouse system")
    page.get_by_label("Read stock").check()
    page.get_by_label("Read orders to fulfil").check()
    page.get_by_role("button", name="Make the key").click()
    secret = page.locator(".api-secret code").inner_text()
    manager.look_over()

    program = visit().page.request
    headers = {"Authorization": f"Bearer {secret}"}
    assert program.get("/api/v1/supplier/fulfilments/", headers=headers).status == 200
    assert program.get("/api/v1/supplier/offers/", headers=headers).json()["code"] == "scope_missing"
    manager.go("/supplier/keys/")
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke").first.click()
    manager.look_over()

    assert program.get("/api/v1/supplier/fulfilments/", headers=headers).status == 401


def test_somebody_who_works_in_two_houses_switches_between_them(visit, suite):
    other = number_of(suite, SECOND_HOUSE, "other")
    person = visit(language="en")
    person.sign_in("clerk@demo.example", PASSWORD)
    person.go("/dealer/")
    page = person.page
    assert page.request.get("/dealer/team/").status == 403

    page.locator("select[name=organization]").select_option(other)
    page.get_by_role("button", name="Switch").click()
    page.wait_for_url("**/dealer/")

    assert page.locator("select[name=organization]").input_value() == other
    person.go("/dealer/team/")


def test_headquarters_looks_over_a_shoulder_and_the_record_shows_it(visit, suite):
    user_id = number_of(suite, PERSON.format(email="supplier@demo.example"), "person")
    hq = visit(language="en")
    page = hq.page
    page.goto(f"/account/login/?next=/admin/accounts/user/{user_id}/impersonate/")
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
    page.locator("#id_reason").fill(REASON)
    page.get_by_role("button", name="Begin now").click()
    page.wait_for_url("**/supplier/")

    banner = page.locator(".impersonation")
    expect(banner).to_contain_text(REASON)
    hq.look_over()
    page.set_viewport_size(SMALL)
    hq.go("/supplier/")
    expect(banner).to_be_visible()
    hq.go("/supplier/team/")
    expect(banner).to_be_visible()
    page.locator("#id_address").fill("friend@example.com")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator("main")).to_contain_text("You are impersonating this person")
    hq.complaints.clear()  # the refusal answered 403
    page.get_by_role("button", name="End now").click()
    page.wait_for_url("**/admin/")
    expect(banner).to_have_count(0)

    page.goto("/admin/accounts/impersonation/")
    expect(page.locator("body")).to_contain_text(REASON)
    page.locator("#result_list a[href*='/impersonation/']").first.click()
    expect(page.locator("body")).to_contain_text("/supplier/team/")
    hq.complaints.clear()  # pages of the admin are looked over in their own journeys
