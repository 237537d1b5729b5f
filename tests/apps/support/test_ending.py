"""Addresses left behind, judgements, leads, transcripts, prepared replies."""

import pytest

from apps.kernel.api import MoveNotAllowed
from apps.leads.errors import ConsentRequired, InvalidContact
from apps.support import api
from apps.support.errors import (
    AlreadyRated,
    CannedReplyNotFound,
    ContactRequired,
    InvalidStars,
    LeadExists,
    NothingSaid,
    NotOver,
    ReplyTitleTaken,
)
from tests.factories.dealers import make_store
from tests.factories.support import BROWSER

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(ask, now):
    conversation = ask()
    return conversation, {"reference": conversation.reference, "visitor": BROWSER, "now": now}


def test_leaving_a_number_makes_a_message_of_what_waits(mine):
    conversation, keys = mine
    for contact in ("", "nobody", "1380013", "a@b", "@" * 300):
        with pytest.raises(ContactRequired):
            api.leave_contact(contact=contact, **keys)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.contact) == ("WAITING", None)

    api.leave_contact(contact="138 0013 8000", name="林\x00", **keys)

    conversation.refresh_from_db()
    assert (conversation.status, conversation.contact, conversation.visitor_name) == ("TICKET", "+8613800138000", "林")


def test_is_judged_once_when_it_is_over(agent, mine):
    conversation, keys = mine
    with pytest.raises(NotOver):
        api.rate_conversation(stars=5, **keys)
    api.close_as_visitor(**keys)
    for stars in (0, 6, -1):
        with pytest.raises(InvalidStars):
            api.rate_conversation(stars=stars, **keys)

    api.rate_conversation(stars=4, comment="很快", **keys)

    with pytest.raises(AlreadyRated):
        api.rate_conversation(stars=1, **keys)
    assert conversation.rating.stars == 4
    with pytest.raises(MoveNotAllowed):
        api.leave_contact(contact="13800138000", **keys)


def test_becomes_one_lead_of_its_store_with_consent(agent, clerk, desk, mine, store, now):
    conversation, _ = mine
    keys = {"reference": conversation.reference, "organization_id": desk, "by": clerk, "now": now}
    wish = {"store_id": make_store().pk, "name": "林小姐", "phone": "13800138000", **keys}

    with pytest.raises(ConsentRequired):
        api.open_lead_of(has_consent=False, **wish)
    with pytest.raises(InvalidContact):
        api.open_lead_of(has_consent=True, **{**wish, "phone": "1"})
    lead = api.open_lead_of(has_consent=True, **wish)

    assert (lead.source, lead.store) == ("CHAT", store)
    conversation.refresh_from_db()
    assert conversation.lead == lead
    with pytest.raises(LeadExists):
        api.open_lead_of(has_consent=True, **wish)


def test_the_transcript_has_every_line_by_the_store_s_clock(agent, mine, answer):
    conversation, _ = mine
    answer(conversation, "第一行\n第二行")

    text = api.write_transcript(conversation, time_zone="Asia/Shanghai")

    assert conversation.reference in text
    assert "06-10 10:00 小李: 第一行\n第二行" in text
    assert "请问有现车吗？" in text


def test_a_desk_has_its_own_replies_and_everybody_s(store, desk, clerk):
    words = {"title_zh": "地址", "title_en": "", "text_zh": "世纪大道 1 号", "text_en": ""}
    reply = api.add_canned_reply(organization_id=desk, by=clerk, **words)
    shared = api.CannedReply.objects.create(title_zh="您好", title_en="Hello", text_zh="您好！", text_en="Hello!")
    elsewhere = make_store().dealer.organization_id

    with pytest.raises(ReplyTitleTaken):
        api.add_canned_reply(organization_id=desk, by=clerk, **words)
    with pytest.raises(NothingSaid):
        api.add_canned_reply(organization_id=desk, by=clerk, **{**words, "text_zh": " "})
    assert set(api.list_canned_replies(desk)) == {reply, shared}
    assert set(api.list_canned_replies(elsewhere)) == {shared}
    assert reply.text_in("en") == "世纪大道 1 号"
    for foreign in (
        {"reply_id": reply.pk, "organization_id": elsewhere},
        {"reply_id": shared.pk, "organization_id": desk},
    ):
        with pytest.raises(CannedReplyNotFound):
            api.drop_canned_reply(by=clerk, **foreign)
    api.drop_canned_reply(reply_id=reply.pk, organization_id=desk, by=clerk)
    assert set(api.list_canned_replies(desk)) == {shared}
