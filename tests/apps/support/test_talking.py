"""What is said, in which order, by whom; and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from apps.accounts.api import Role
from apps.kernel.api import FileRefused
from apps.notifications.models import Message as Letter
from apps.support import api, conf
from apps.support.errors import (
    ConversationClosed,
    ConversationNotFound,
    NothingSaid,
    NotYourConversation,
    ProofInvalid,
    TooLong,
    TooManyConversations,
    TooManyMessages,
)
from apps.support.states import NoteCode
from tests.factories.accounts import make_member, make_user
from tests.factories.dealers import make_store
from tests.factories.support import BROWSER, begin

pytestmark = pytest.mark.django_db
STRANGER = api.Visitor(secret="another-browser")


def texts(conversation, after=0):
    return [(said.seq, said.side.value, said.text) for said in api.list_messages(conversation, after=after)]


def test_an_agent_who_is_there_gets_it_and_answers(agent, ask, answer, say):
    conversation = ask()
    answer(conversation)
    say(conversation, "好的，谢谢")

    assert conversation.status == "ACTIVE"
    assert texts(conversation) == [
        (1, "VISITOR", "请问有现车吗？"),
        (2, "SYSTEM", "小李 为您服务。"),
        (3, "AGENT", "有的，欢迎到店。"),
        (4, "VISITOR", "好的，谢谢"),
    ]
    conversation.refresh_from_db()
    assert (conversation.last_seq, conversation.visitor_seen, conversation.agent_seen) == (4, 4, 3)
    assert conversation.answered_at is not None


def test_asking_again_from_the_last_number_returns_the_rest_once(agent, ask, say):
    conversation = ask()
    for number in range(5):
        say(conversation, f"第 {number} 条")

    assert [seq for seq, *_ in texts(conversation, after=4)] == [5, 6, 7]
    assert texts(conversation, after=7) == []
    assert [said.seq for said in api.list_messages(conversation, after=2, most=2)] == [3, 4]


def test_sent_again_it_is_the_same_message(agent, ask, say):
    conversation, sent_as = ask(), uuid4()

    first = say(conversation, "在吗", sent_as=sent_as)
    again = say(conversation, "在吗", sent_as=sent_as)

    assert first == again
    assert conversation.messages.filter(side="VISITOR").count() == 2


def test_begun_again_it_is_the_same_conversation(agent, ask):
    sent_as = uuid4()

    assert ask(sent_as=sent_as) == ask(sent_as=sent_as)
    assert api.Conversation.objects.count() == 1


def test_the_database_refuses_a_second_message_of_a_number_and_any_change(agent, ask):
    message = ask().messages.first()

    for fields in ({"seq": 1, "sent_as": uuid4()}, {"seq": 99, "sent_as": message.sent_as}):
        with pytest.raises(IntegrityError), transaction.atomic():
            api.Message.objects.create(
                conversation=message.conversation, side="VISITOR", text="x", at=message.at, **fields
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Message.objects.update(text="forged")


def test_words_are_not_readable_in_the_table(agent, ask):
    from django.db import connection

    conversation = ask(text="我的电话是 13800138000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM support_message WHERE conversation_id = %s", [conversation.pk])
        kept = "".join(str(row[0]) for row in cursor.fetchall())

    assert "13800138000" not in kept


@pytest.mark.parametrize(
    ("text", "error"),
    [("", NothingSaid), (" \x00\u202e\n", NothingSaid), ("长" * (conf.LONGEST_TEXT + 1), TooLong)],
    ids=["empty", "unseen", "too_long"],
)
def test_refuses_what_says_nothing_or_too_much(agent, ask, say, text, error):
    conversation = ask()

    with pytest.raises(error):
        say(conversation, text)

    assert conversation.messages.count() == 2


def test_a_conversation_without_words_does_not_begin(agent, ask):
    with pytest.raises(NothingSaid):
        ask(text="  ")

    assert not api.Conversation.objects.exists()


def test_refuses_a_file_that_is_not_what_it_says(agent, ask, say):
    conversation = ask()

    with pytest.raises(FileRefused):
        say(conversation, "看图", upload=SimpleUploadedFile("car.png", b"<svg onload=alert(1)>"))

    assert conversation.messages.count() == 2


def test_refuses_more_than_anybody_types_and_takes_it_a_minute_later(agent, ask, say, now):
    conversation = ask()
    for number in range(conf.MOST_A_MINUTE - 1):
        say(conversation, str(number))

    with pytest.raises(TooManyMessages):
        say(conversation, "more")

    assert conversation.messages.filter(side="VISITOR").count() == conf.MOST_A_MINUTE
    assert say(conversation, "later", now=now + timedelta(seconds=61)).text == "later"


def test_a_closed_conversation_takes_nothing_more(agent, ask, say, answer, now):
    conversation = ask()
    api.close_as_visitor(reference=conversation.reference, visitor=BROWSER, now=now)

    for speak in (say, answer):
        with pytest.raises(ConversationClosed):
            speak(conversation)

    assert texts(conversation)[-1][2] == "本次会话已结束。"


def test_strangers_and_other_desks_find_nothing(agent, ask, say, answer, now):
    conversation = ask()
    elsewhere = make_store().dealer.organization
    outsider = make_member(Role.DEALER_CLERK, elsewhere)

    with pytest.raises(ConversationNotFound):
        say(conversation, visitor=STRANGER)
    with pytest.raises(ConversationNotFound):
        say(conversation, visitor=api.Visitor(member=make_user()))
    with pytest.raises(ConversationNotFound):
        say(conversation, visitor=api.Visitor())
    with pytest.raises(ConversationNotFound):
        answer(conversation, organization_id=elsewhere.pk, by=outsider)
    for reference in ("", "AAAAAAAAAA", "x" * 5000, "空空"):
        with pytest.raises(ConversationNotFound):
            api.access_own_conversation(reference=reference, visitor=BROWSER)
    assert conversation.messages.count() == 2


def test_a_colleague_takes_it_over_before_answering(agent, ask, answer, store, desk, now):
    conversation = ask()
    colleague = make_member(Role.DEALER_MANAGER, store.dealer.organization, display_name="王经理")

    with pytest.raises(NotYourConversation):
        answer(conversation, by=colleague)
    api.take_conversation(reference=conversation.reference, organization_id=desk, by=colleague, now=now)

    assert answer(conversation, by=colleague).by == colleague
    with pytest.raises(NotYourConversation):
        answer(conversation)


def test_read_marks_never_run_back_or_ahead(agent, ask, answer, clerk, desk):
    conversation = ask()
    answer(conversation)

    for up_to, seen in ((2, 2), (1, 2), (-5, 2), (2**40, 3)):
        api.mark_seen_by_visitor(reference=conversation.reference, visitor=BROWSER, up_to=up_to)
        conversation.refresh_from_db()
        assert conversation.visitor_seen == seen
    other = make_member(Role.DEALER_CLERK, conversation.organization)
    before = conversation.agent_seen
    api.mark_seen_by_agent(reference=conversation.reference, organization_id=desk, up_to=3, by=other)
    conversation.refresh_from_db()
    assert conversation.agent_seen == before


def test_outside_hours_it_is_a_message_and_the_answer_is_announced_once(agent, ask, answer, clerk, desk, now):
    night = now + timedelta(hours=14)
    conversation = ask(now=night)
    assert conversation.status == "TICKET"
    assert texts(conversation)[-1][2] == str(NoteCode.LEFT.label)
    api.leave_contact(
        reference=conversation.reference, visitor=BROWSER, contact="Lin@Example.com", name="林", now=night
    )

    api.take_conversation(reference=conversation.reference, organization_id=desk, by=clerk, now=night)
    answer(conversation)
    answer(conversation, "还有一点")

    letter = Letter.objects.get(template="support_answered")
    assert (letter.channel, letter.recipient) == ("email", "lin@example.com")


def test_the_way_back_opens_one_conversation_and_cannot_be_forged(agent, ask):
    conversation = ask()

    assert api.read_way_back(api.make_way_back(conversation)) == conversation
    for token in ("", conversation.reference, api.make_way_back(conversation) + "x"):
        with pytest.raises(ProofInvalid):
            api.read_way_back(token)


def test_a_member_s_order_comes_along_and_nobody_else_s(agent, ask, db):
    from apps.orders.errors import OrderNotFound

    with pytest.raises(OrderNotFound):
        ask(visitor=api.Visitor(member=make_user()), order_number="XC000000000000")

    assert not api.Conversation.objects.exists()


def test_a_fourth_open_conversation_is_refused(agent, ask):
    for _ in range(conf.MOST_OPEN):
        ask()

    with pytest.raises(TooManyConversations):
        ask()

    assert api.Conversation.objects.count() == conf.MOST_OPEN


def test_without_a_headquarters_nobody_answers_what_names_no_store(db, now):
    with pytest.raises(ConversationNotFound):
        begin(now=now)
    with pytest.raises(ConversationNotFound):
        begin(now=now, visitor=api.Visitor(), store_id=make_store().pk)
