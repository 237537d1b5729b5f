"""HQ's queue: what waits is read, published, rejected with a reason, answered."""

import pytest
from django.test import Client

from apps.accounts.api import Role, ensure_role_permissions
from apps.membership import api
from tests.factories.accounts import make_member
from tests.factories.catalog import make_trim
from tests.factories.membership import make_picture, make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def hq(settings) -> Client:
    settings.MFA_REQUIRED_ROLES = []
    ensure_role_permissions()
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(make_member(Role.HQ_OPERATOR), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def act(client: Client, model: str, action: str, rows, words: str = ""):
    """Run an action on rows of a list."""
    body = {"action": action, "_selected_action": [row.pk for row in rows], "words": words}
    return client.post(f"/admin/membership/{model}/", body, follow=True)


def test_several_reviews_are_published_at_once(hq, part, member, other, now):
    reviews = [make_review(part, who, now=now, published=False) for who in (member, other)]

    page = act(hq, "review", "publish", reviews)

    assert "2 published." in page.content.decode()
    assert len(api.list_top_reviews(part.pk)[1]) == 2


def test_a_rejection_needs_a_reason(hq, part, member, now):
    review = make_review(part, member, now=now, published=False)

    assert "say why" in act(hq, "review", "reject", [review]).content.decode()
    review.refresh_from_db()
    assert review.status == "PENDING"

    act(hq, "review", "reject", [review], words="Advertising")
    review.refresh_from_db()
    assert (review.status, review.reason) == ("REJECTED", "Advertising")


def test_hq_replies_and_answers(hq, part, member, now):
    review = make_review(part, member, now=now)
    question = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)

    act(hq, "review", "reply", [review], words="谢谢您的反馈")
    act(hq, "question", "answer", [question], words="可以。")

    assert api.list_top_reviews(part.pk)[1][0].replies[0].text == "谢谢您的反馈"
    assert api.list_top_questions(part.pk)[1][0].answers[0].text == "可以。"


def test_an_owners_answer_is_read(hq, part, member, other, purchases, now):
    purchases.bought.add((other.pk, part.pk))
    question = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)
    act(hq, "question", "publish", [question])
    answer = api.answer_question(question_id=question.pk, text="我的车可以用。", by=other, now=now)

    act(hq, "answer", "publish", [answer])

    answer.refresh_from_db()
    assert answer.status == "PUBLISHED"


def test_every_page_opens_and_nothing_is_edited_by_hand(hq, part, member, now):
    review = api.write_review(
        product_id=part.pk, rating=5, text="装上很合适", photos=[make_picture()], by=member, now=now
    )
    question = api.ask_question(product_id=part.pk, text="能用在 2024 款上吗？", by=member, now=now)
    car = api.add_car(member=member, product_id=make_trim().product_id, nickname="小白", now=now)
    for model, row in (("review", review), ("question", question), ("garagecar", car)):
        assert hq.get(f"/admin/membership/{model}/").status_code == 200
        page = hq.get(f"/admin/membership/{model}/{row.pk}/change/")
        assert page.status_code == 200
        assert "小白" not in page.content.decode()
        assert "林晚晴" not in page.content.decode()
        assert hq.post(f"/admin/membership/{model}/{row.pk}/change/", {"status": "PUBLISHED"}).status_code == 403
        assert hq.get(f"/admin/membership/{model}/add/").status_code == 403
    for model in ("answer", "savedconfiguration"):
        assert hq.get(f"/admin/membership/{model}/").status_code == 200


def test_an_auditor_reads_and_does_nothing(hq, part, member, now, settings):
    auditor = Client()
    auditor.force_login(make_member(Role.HQ_AUDITOR), backend="allauth.account.auth_backends.AuthenticationBackend")
    review = make_review(part, member, now=now, published=False)

    act(auditor, "review", "publish", [review])

    review.refresh_from_db()
    assert review.status == "PENDING"
