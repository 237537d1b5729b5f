"""Questions and answers."""

import pytest

from apps.accounts.api import Role
from apps.catalog.api import ProductNotFound
from apps.kernel.api import MoveNotAllowed, OutboxEvent
from apps.membership import api
from tests.factories.accounts import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq(db):
    return make_member(Role.HQ_OPERATOR)


@pytest.fixture
def question(member, part, hq, now):
    found = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)
    return api.publish_question(question_id=found.pk, by=hq, now=now)


def test_a_question_waits_until_hq_has_read_it(member, part, hq, now):
    question = api.ask_question(product_id=part.pk, text=" 能用在 2024 款上吗？ ", by=member, now=now)
    assert api.list_top_questions(part.pk) == (0, [])

    api.publish_question(question_id=question.pk, by=hq, now=now)

    count, (shown,) = api.list_top_questions(part.pk)
    assert (count, shown.text, shown.author, shown.answers) == (1, "能用在 2024 款上吗？", "林**", ())
    assert OutboxEvent.objects.filter(name="membership.questions_changed.v1").count() == 1


@pytest.mark.parametrize("text", ["", "吗？", "x" * 501, "\u200b" * 30])
def test_refuses_too_few_and_too_many_words(text, member, part, now):
    with pytest.raises(api.InvalidText):
        api.ask_question(product_id=part.pk, text=text, by=member, now=now)
    assert not api.Question.objects.exists()


@pytest.mark.parametrize("product_id", [0, -1, 2**70, 999_999_999])
def test_refuses_a_product_that_is_not_there(product_id, member, now):
    with pytest.raises(ProductNotFound):
        api.ask_question(product_id=product_id, text="能用在 2024 款上吗？", by=member, now=now)


def test_so_many_questions_may_wait(member, part, now):
    for number in range(10):
        api.ask_question(product_id=part.pk, text=f"第 {number} 个问题？", by=member, now=now)
    with pytest.raises(api.TooManyQuestions):
        api.ask_question(product_id=part.pk, text="还有一个问题？", by=member, now=now)


def test_the_brand_answers_at_once_and_publishes_what_it_answers(member, part, hq, now):
    question = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)
    api.answer_question(question_id=question.pk, text="可以。", by=hq, now=now)

    _, (shown,) = api.list_top_questions(part.pk)
    assert [(answer.voice, answer.text) for answer in shown.answers] == [("HQ", "可以。")]


def test_a_seller_answers_at_once(question, part, now):
    seller = make_member(Role.SUPPLIER, part.offers.get().seller.organization)
    assert api.answer_question(question_id=question.pk, text="可以的。", by=seller, now=now).status == "PUBLISHED"


def test_an_owner_answers_after_hq_has_read_it(question, other, part, purchases, hq, now):
    purchases.bought.add((other.pk, part.pk))
    answer = api.answer_question(question_id=question.pk, text="我的车可以用。", by=other, now=now)
    assert answer.status == "PENDING"
    assert api.list_top_questions(part.pk)[1][0].answers == ()

    api.publish_answer(answer_id=answer.pk, by=hq, now=now)

    (shown,) = api.list_top_questions(part.pk)[1][0].answers
    assert (shown.voice, shown.author) == ("OWNER", "Z**")


def test_nobody_else_answers(question, other, now):
    with pytest.raises(api.NotAnOwner):
        api.answer_question(question_id=question.pk, text="我猜可以。", by=other, now=now)
    assert not api.Answer.objects.exists()


def test_a_question_that_waits_reads_like_none(member, other, part, purchases, now):
    purchases.bought.add((other.pk, part.pk))
    question = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)
    for number in (question.pk, 2**80, -1):
        with pytest.raises(api.QuestionNotFound):
            api.answer_question(question_id=number, text="我的车可以用。", by=other, now=now)


def test_a_member_answers_once(question, hq, now):
    api.answer_question(question_id=question.pk, text="可以。", by=hq, now=now)
    with pytest.raises(api.AlreadyAnswered):
        api.answer_question(question_id=question.pk, text="可以的。", by=hq, now=now)
    assert api.Answer.objects.count() == 1


def test_rejections_say_why(question, member, other, part, purchases, hq, now):
    purchases.bought.add((other.pk, part.pk))
    answer = api.answer_question(question_id=question.pk, text="加我微信。", by=other, now=now)
    for act, key in (
        (api.reject_answer, {"answer_id": answer.pk}),
        (api.reject_question, {"question_id": question.pk}),
    ):
        with pytest.raises(api.ReasonMissing):
            act(**key, reason="", by=hq, now=now)
        act(**key, reason="广告", by=hq, now=now)
        with pytest.raises(MoveNotAllowed):
            act(**key, reason="广告", by=hq, now=now)
    assert api.list_top_questions(part.pk) == (0, [])
    assert api.list_questions_of(member)[0].reason == "广告"


def test_questions_take_few_queries(question, part, member, hq, now, django_assert_num_queries):
    for number in range(9):
        found = api.ask_question(product_id=part.pk, text=f"第 {number} 个问题？", by=member, now=now)
        api.answer_question(question_id=found.pk, text="可以。", by=hq, now=now)
    with django_assert_num_queries(1):
        count, shown = api.list_top_questions(part.pk)
    assert (count, len(shown)) == (10, 3)
    assert all(row.answers for row in shown)
    with django_assert_num_queries(2):
        assert api.search_questions(part.pk, page=10**9).page == 1
