"""The pages of live service as browsers without a script see them, and what a script asks."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.api import OrganizationKind, Role
from apps.kernel.api import FileRefused
from apps.support import api
from apps.support.web.visitor import COOKIE
from tests.factories.accounts import make_company, make_member, make_user
from tests.factories.dealers import WEEK, make_store
from tests.factories.support import begin, make_agent

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def signed_in(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture(autouse=True)
def _always_open(store, settings):
    settings.MFA_REQUIRED_ROLES = []
    store.opening_hours = {day: [["00:00", "23:59"]] for day in WEEK}
    store.save()


def start(client, store, **changes):
    form = {"topic": "SALES", "store": store.pk, "text": "请问有现车吗？", "sent_as": str(uuid4()), **changes}
    return client.post("/chat/", form)


@pytest.fixture
def seller(clerk, desk):
    from django.utils import timezone

    make_agent(clerk, desk, now=timezone.now())
    return signed_in(clerk)


def test_a_visitor_begins_writes_and_reads_without_a_script(client, store, seller):
    answer = start(client, store)
    address = answer["Location"]
    assert client.cookies[COOKIE]["httponly"]

    page = client.get(address)
    assert "小李 为您服务。" in page.content.decode()
    said = client.post(address, {"text": "<b>多少钱？</b>", "sent_as": str(uuid4())})
    assert said.status_code == 302
    page = client.get(address).content.decode()
    assert "&lt;b&gt;多少钱？&lt;/b&gt;" in page
    assert "<b>多少钱" not in page
    assert address in client.get("/chat/").content.decode()


def test_the_script_asks_from_the_last_number_and_sends_twice_without_doubling(client, store, seller):
    address, form = start(client, store)["Location"], {"text": "在吗", "sent_as": str(uuid4())}

    first = client.post(address, form, **JSON).json()
    again = client.post(address, form, **JSON).json()

    assert first["html"] == again["html"]
    news = client.get(f"{address}news/?after=2").json()
    assert (news["last"], news["html"].count("<li"), news["status"]) == (3, 1, "ACTIVE")
    assert client.get(f"{address}news/?after=3").json()["html"] == ""
    assert client.get(f"{address}news/?after=-1x").json()["last"] == 3


def test_a_conversation_opens_for_its_browser_and_its_desk_only(client, store, seller):
    address = start(client, store)["Location"]
    reference = address.strip("/").rsplit("/", 1)[-1]
    elsewhere = make_store().dealer.organization
    foreign = signed_in(make_member(Role.DEALER_MANAGER, elsewhere))
    for browser in (Client(), signed_in(make_user()), foreign):
        for path in ("", "news/", "transcript.txt", "files/1/"):
            assert browser.get(f"{address}{path}").status_code == 404
        for path in ("", "seen/", "typing/", "contact/", "close/", "rate/"):
            assert browser.post(f"{address}{path}", {"text": "x"}).status_code == 404
    for path in ("", "news/", "transcript.txt", "files/1/"):
        assert foreign.get(f"/dealer/chat/{reference}/{path}").status_code == 404
    for path in ("", "seen/", "typing/", "take/", "close/", "lead/", "pass/"):
        assert foreign.post(f"/dealer/chat/{reference}/{path}", {"text": "x"}).status_code == 404
    assert api.Conversation.objects.get().status == "ACTIVE"


def test_inputs_stay_where_they_are_refused(client, store, seller):
    answer = start(client, store, text=" ", topic="SERVICE")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请输入内容。" in page
    assert '<option value="SERVICE" selected>' in page
    assert not api.Conversation.objects.exists()


BAD_WORDS = "长" * 10_000
TOO_LARGE = b"\x89PNG\r\n\x1a\n" + b"0" * 10_500_000


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"text": BAD_WORDS}, "too_long"),
        ({"text": "  "}, "nothing_said"),
        ({"text": "看图", "file": ("car.png", b"<svg onload=alert(1)>")}, "file_refused"),
        ({"text": "看图", "file": ("car.png", b"MZ\x90\x00")}, "file_refused"),
        ({"text": "看图", "file": ("car.png", TOO_LARGE)}, "file_too_large"),
        ({"text": "看图", "file": ("car.png", b"")}, "invalid"),
    ],
    ids=["10,000 characters", "nothing", "a script", "a program", "too large", "empty"],
)
@pytest.mark.parametrize("side", ["customer", "agent"])
def test_what_cannot_be_taken_has_a_name_and_nothing_is_lost(client, store, seller, side, form, code):
    address = start(client, store)["Location"]
    browser, here = (client, address) if side == "customer" else (seller, f"/dealer{address}")
    file = form.get("file")

    def send(**headers):
        upload = {"file": SimpleUploadedFile(*file)} if file else {}
        return browser.post(here, {**form, **upload, "sent_as": str(uuid4())}, **headers)

    told = send(**JSON)
    page = send()

    assert (told.status_code, told.json()["code"]) == (FileRefused.status if "file_" in code else 400, code)
    assert told.json()["message"]
    assert page.status_code == 422
    assert 'id="errors"' in page.content.decode()
    assert form["text"].strip() in page.content.decode(), "what was written is kept"
    assert api.Message.objects.count() == 2


def test_html_is_words_for_everybody_and_in_every_shape(client, store, seller):
    words = "<img src=x onerror=alert(1)><script>alert(2)</script>&amp;"
    address = start(client, store, text=words)["Location"]
    kept = "&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(2)&lt;/script&gt;&amp;amp;"

    for shown in (
        client.get(address).content.decode(),
        client.get(f"{address}news/?after=0").json()["html"],
        seller.get(f"/dealer{address}").content.decode(),
    ):
        assert kept in shown
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
    assert words in client.get(f"{address}transcript.txt").content.decode()
    assert client.get(f"{address}transcript.txt")["Content-Type"] == "text/plain; charset=utf-8"


def test_any_page_of_the_portal_is_told_what_waits_and_says_that_the_agent_is_there(client, store, seller, clerk):
    assert "/dealer/chat/count/" in seller.get("/dealer/leads/").content.decode()
    start(client, store)
    api.Agent.objects.update(seen_at=None)

    told = seller.get("/dealer/chat/count/").content.decode()

    assert ">1<" in told
    assert api.Agent.objects.get().seen_at is not None
    stranger = signed_in(make_member(Role.DEALER_CLERK, store.dealer.organization))
    assert stranger.get("/dealer/chat/count/").content.decode().strip() == ""


def test_a_picture_is_shown_to_both_sides_and_nothing_else_is_taken(client, store, seller, tmp_path):
    from io import BytesIO

    from PIL import Image

    address = start(client, store)["Location"]
    picture = BytesIO()
    Image.new("RGB", (20, 10), "red").save(picture, "PNG")
    upload = SimpleUploadedFile("划痕.png", picture.getvalue())

    assert client.post(address, {"file": upload, "sent_as": str(uuid4())}).status_code == 302
    for name, content in (("car.png", b"<svg onload=alert(1)>"), ("x.pdf", b"MZ....")):
        bad = {"file": SimpleUploadedFile(name, content), "sent_as": str(uuid4())}
        assert client.post(address, bad).status_code == 422

    sent = client.get(f"{address}files/3/")
    assert (sent.status_code, sent["Content-Type"], sent["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    reference = address.strip("/").rsplit("/", 1)[-1]
    assert seller.get(f"/dealer/chat/{reference}/files/3/").status_code == 200
    assert client.get(f"{address}files/1/").status_code == 404


def test_the_desk_takes_answers_ends_and_the_customer_judges(client, store, clerk, desk):
    seller = signed_in(clerk)
    address = start(client, store)["Location"]
    reference = address.strip("/").rsplit("/", 1)[-1]
    here = f"/dealer/chat/{reference}/"

    assert reference in seller.get("/dealer/chat/").content.decode()
    assert seller.post("/dealer/chat/available/", {"available": "1"}).status_code == 302
    assert api.Conversation.objects.get().status == "ACTIVE"
    assert "<textarea" in seller.get(here).content.decode()
    answer = seller.post(here, {"text": "有的", "sent_as": str(uuid4())}, **JSON)
    assert answer.json()["last"] == 3
    assert client.get(f"{address}news/?after=2").json()["last"] == 3
    assert client.post(f"{address}seen/", {"up_to": "3"}).status_code == 204
    assert seller.get(f"{here}news/?after=3").json()["seen"] == 3
    assert client.post(f"{address}typing/").status_code == 204
    assert seller.get(f"{here}news/?after=3").json()["typing"] is True
    seller.post(f"{here}close/")
    assert client.post(f"{address}rate/", {"stars": "5", "comment": "好"}).status_code == 302
    assert "5 / 5" in seller.get(here).content.decode()
    assert "有的" in client.get(f"{address}transcript.txt").content.decode()


def test_a_conversation_becomes_a_lead_with_consent_only(client, store, seller):
    reference = start(client, store)["Location"].strip("/").rsplit("/", 1)[-1]
    form = {"name": "林小姐", "phone": "13800138000", "store": store.pk}

    refused = seller.post(f"/dealer/chat/{reference}/lead/", form)
    assert refused.status_code == 422
    assert "13800138000" in refused.content.decode()
    assert seller.post(f"/dealer/chat/{reference}/lead/", {**form, "consent": "on"}).status_code == 302

    assert api.Conversation.objects.get().lead.source == "CHAT"


def test_the_link_in_our_message_moves_a_visitor_s_conversation_to_the_browser_that_presses(client, store, seller):
    address = start(client, store)["Location"]
    token = api.make_way_back(api.Conversation.objects.get())
    other = Client()

    assert other.get(f"/chat/back/{token}/").status_code == 200
    assert other.get(address).status_code == 404
    assert other.post(f"/chat/back/{token}/").status_code == 302
    assert other.get(address).status_code == 200
    assert client.get(address).status_code == 404
    assert other.get("/chat/back/forged/").status_code == 404


def test_headquarters_answers_what_names_no_store(client, now):
    house = make_company(OrganizationKind.HQ)
    week = {day: [["00:00", "23:59"]] for day in WEEK}
    api.Desk.objects.create(organization=house, opening_hours=week)
    operator = make_member(Role.HQ_OPERATOR, house)
    desk = signed_in(operator)
    conversation = begin(now=now)

    assert desk.get("/admin/chat/").status_code == 200
    assert desk.post(f"/admin/chat/{conversation.reference}/take/").status_code == 302
    page = desk.get(f"/admin/chat/{conversation.reference}/")
    assert "<textarea" in page.content.decode()
    assert desk.get("/admin/chat/agents/").status_code == 200
    assert signed_in(make_member(Role.HQ_AUDITOR, house)).get("/admin/chat/").status_code == 403


def test_managers_say_who_answers_and_clerks_do_not(store, desk, clerk, seller):
    manager = signed_in(make_member(Role.DEALER_MANAGER, store.dealer.organization))
    agent = api.Agent.objects.get(user=clerk)
    form = {f"{agent.pk}-topics": ["SERVICE"], f"{agent.pk}-most_open": "2", f"{agent.pk}-stores": [store.pk]}

    assert seller.get("/dealer/chat/agents/").status_code == 403
    assert seller.post(f"/dealer/chat/agents/{agent.pk}/", form).status_code == 403
    assert manager.post(f"/dealer/chat/agents/{agent.pk}/", form).status_code == 302
    agent.refresh_from_db()
    assert (agent.topics, agent.most_open, list(agent.stores.all())) == (["SERVICE"], 2, [store])
    bad = manager.post(f"/dealer/chat/agents/{agent.pk}/", {f"{agent.pk}-most_open": "0"})
    assert bad.status_code == 422


def test_prepared_replies_are_in_the_customer_s_language(client, store, seller):
    words = {"title_zh": "地址", "text_zh": "世纪大道 1 号", "title_en": "Address", "text_en": "1 Century Avenue"}
    assert seller.post("/dealer/chat/replies/", words).status_code == 302
    reference = start(client, store)["Location"].strip("/").rsplit("/", 1)[-1]

    assert 'value="世纪大道 1 号"' in seller.get(f"/dealer/chat/{reference}/").content.decode()
    reply = api.CannedReply.objects.get()
    assert seller.post(f"/dealer/chat/replies/{reply.pk}/drop/").status_code == 302
    assert not api.CannedReply.objects.exists()
