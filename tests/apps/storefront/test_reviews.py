"""Reviews and questions on their pages: reading, writing, bad input, whose they are."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.api import Role
from apps.catalog.api import ProductInfo
from apps.kernel.api import outbox
from apps.membership.api import Question, Review, publish_review
from apps.shop.api import Product
from tests.factories.accounts import make_member, make_user
from tests.factories.membership import make_picture, make_review

pytestmark = pytest.mark.django_db
WORDS = "Fits well and looks good"


@pytest.fixture(autouse=True)
def _photos_in_memory(settings):
    settings.STORAGES = {**settings.STORAGES, "reviews": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


@pytest.fixture
def review(part):
    """A published review by somebody else."""
    return make_review(part, make_user(display_name="林晚晴"), text="装上很合适", now=timezone.now())


def sign_in(user) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_member_writes_hq_reads_and_everybody_sees_stars(signed_in, reader, buyer, part):
    answer = signed_in.post(
        f"/products/{part.slug}/reviews/write/", {"rating": "4", "text": WORDS, "photos": [make_picture()]}, follow=True
    )
    assert answer.redirect_chain == [("/account/reviews/", 302)]
    assert "Being checked" in answer.content.decode()
    assert WORDS not in reader.get(f"/products/{part.slug}/").content.decode()

    review = Review.objects.get(member=buyer)
    publish_review(review_id=review.pk, by=None, now=timezone.now())
    outbox.drain(now=datetime.max.replace(tzinfo=UTC))

    page = reader.get(f"/products/{part.slug}/").content.decode()
    assert WORDS in page
    assert "W**" in page
    assert f">{buyer.display_name}<" not in page
    assert '"aggregateRating"' in page
    assert ProductInfo.objects.get(pk=part.pk).rating_count == 1
    assert 'class="rating"' in reader.get(f"/parts/?q={part.title}").content.decode()


def test_photos_are_private_until_published(signed_in, reader, buyer, part):
    signed_in.post(f"/products/{part.slug}/reviews/write/", {"rating": "5", "text": WORDS, "photos": [make_picture()]})
    review = Review.objects.get(member=buyer)
    address = f"/reviews/photos/{review.photos.get().pk}"

    for name, kind in (("large.webp", "image/webp"), ("small.webp", "image/webp"), ("small.avif", "image/avif")):
        own = signed_in.get(f"{address}/{name}")
        assert (own.status_code, own.headers["Content-Type"]) == (200, kind)
        assert "no-store" in own.headers["Cache-Control"]
        assert reader.get(f"{address}/{name}").status_code == 404
    assert signed_in.get(f"{address}/evil.svg").status_code == 404

    publish_review(review_id=review.pk, by=None, now=timezone.now())
    shown = reader.get(f"{address}/small.avif")
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "public" in shown.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "rating"),
        ({"rating": "6", "text": WORDS}, "rating"),
        ({"rating": "-1", "text": WORDS}, "rating"),
        ({"rating": "5 OR 1=1", "text": WORDS}, "rating"),
        ({"rating": "5", "text": "x" * 10_000}, "text"),
        ({"rating": "5", "text": "\u200b" * 50}, "text"),
    ],
)
def test_says_what_is_wrong_with_a_review_and_writes_nothing(data, field, signed_in, buyer, part):
    answer = signed_in.post(f"/products/{part.slug}/reviews/write/", data)

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Review.objects.filter(member=buyer).exists()


def test_a_file_that_is_no_photo_is_named(signed_in, buyer, part):
    from django.core.files.uploadedfile import SimpleUploadedFile

    svg = SimpleUploadedFile("drawing.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/jpeg")
    answer = signed_in.post(
        f"/products/{part.slug}/reviews/write/", {"rating": "5", "text": WORDS, "photos": [svg, make_picture()]}
    )

    assert "drawing.jpg" in answer.content.decode()
    assert not Review.objects.filter(member=buyer).exists()


def test_two_gigabytes_are_refused_before_they_are_read(signed_in, part):
    class Endless:
        def read(self, *_):
            raise AssertionError("It was read.")

        readline = read

    answer = signed_in.generic(
        "POST",
        f"/products/{part.slug}/reviews/write/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024**3),
        **{"wsgi.input": Endless()},
    )

    assert answer.status_code == 413


def test_the_upload_is_still_protected_against_forgery(buyer, part):
    client = Client(enforce_csrf_checks=True)
    client.force_login(buyer, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(f"/products/{part.slug}/reviews/write/", {"rating": "5", "text": WORDS})

    assert answer.status_code == 403
    assert not Review.objects.filter(member=buyer).exists()


def test_whoever_wrote_one_changes_it(signed_in, buyer, part):
    address = f"/products/{part.slug}/reviews/write/"
    signed_in.post(address, {"rating": "5", "text": WORDS})
    review = Review.objects.get(member=buyer)

    assert signed_in.get(address).url == f"/reviews/{review.pk}/edit/"
    signed_in.post(f"/reviews/{review.pk}/edit/", {"rating": "3", "text": "Broke after a month"})
    review.refresh_from_db()
    assert (review.rating, review.text) == (3, "Broke after a month")
    signed_in.post(f"/reviews/{review.pk}/remove/")
    assert not Review.objects.filter(member=buyer).exists()


@pytest.mark.parametrize("act", ["edit/", "remove/"])
def test_anothers_review_and_none_are_404(act, signed_in, review):
    for number in (review.pk, 10**9, 10**30):
        assert signed_in.post(f"/reviews/{number}/{act}", {"rating": "1", "text": WORDS}).status_code == 404
    assert Review.objects.get(pk=review.pk).rating == 5


@pytest.mark.parametrize("act", ["helpful/", "report/", "reply/"])
def test_what_is_not_published_is_404(act, signed_in, part):
    waiting = make_review(part, make_user(), now=timezone.now(), published=False)
    for number in (waiting.pk, 10**9, 10**30):
        assert signed_in.post(f"/reviews/{number}/{act}", {"reason": "ABUSE", "text": WORDS}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/products/{slug}/reviews/write/", "/reviews/{review}/report/", "/reviews/{review}/edit/"]
)
def test_guests_sign_in_first(address, visitor, part, review):
    path = address.format(slug=part.slug, review=review.pk)
    assert visitor.get(path).url == f"/account/login/?next={path}"
    assert visitor.post(f"/reviews/{review.pk}/helpful/").status_code == 302
    assert review.votes.count() == 0


def test_a_vote_is_counted_and_taken_back(signed_in, review):
    back = f"/products/{review.product.slug}/"
    assert signed_in.post(f"/reviews/{review.pk}/helpful/", {"next": back}).url == back
    assert review.votes.count() == 1
    part = signed_in.post(f"/reviews/{review.pk}/helpful/", {"vote": "0"}, headers={"HX-Request": "true"})
    assert review.votes.count() == 0
    assert b'aria-pressed="false"' in part.content


def test_a_report_reaches_hq(signed_in, review):
    refused = signed_in.post(f"/reviews/{review.pk}/report/", {"reason": "BECAUSE"})
    assert "reason" in refused.context["form"].errors
    signed_in.post(f"/reviews/{review.pk}/report/", {"reason": "ADVERTISING"})
    assert review.reports.count() == 1


def test_only_the_brand_and_its_seller_find_the_page_to_reply(signed_in, review, part):
    address = f"/reviews/{review.pk}/reply/"
    assert signed_in.get(address).status_code == 404
    seller = sign_in(make_member(Role.SUPPLIER, part.offers.order_by("pk").first().seller.organization))
    stranger = sign_in(make_member(Role.SUPPLIER))
    assert stranger.get(address).status_code == 404

    assert seller.get(address).status_code == 200
    seller.post(address, {"text": "Thank you for your words."})
    assert review.replies.get().text == "Thank you for your words."


@pytest.mark.parametrize(
    "query",
    [
        "stars=9",
        "stars=x",
        "page=0",
        "page=-4",
        "page=99999999999",
        "sort=nonsense",
        "photos=1&verified=1",
        "x=" + "y" * 9999,
    ],
)
def test_filters_with_values_they_cannot_have_do_no_harm(query, reader, review):
    assert reader.get(f"/products/{review.product.slug}/reviews/?{query}").status_code == 200


def test_htmx_gets_the_list_alone(reader, review):
    answer = reader.get(f"/products/{review.product.slug}/reviews/?stars=5", headers={"HX-Request": "true"})
    assert b'id="review-list"' in answer.content
    assert b"<html" not in answer.content
    assert "装上很合适" in answer.content.decode()


def test_markup_in_a_review_is_shown_as_words(reader, part):
    make_review(part, make_user(), text="<script>alert(1)</script> good", now=timezone.now())
    page = reader.get(f"/products/{part.slug}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_member_asks_and_the_brand_answers(signed_in, reader, buyer, part):
    address = f"/products/{part.slug}/questions/"
    assert "text" in signed_in.post(address, {"text": "?"}).context["form"].errors
    signed_in.post(address, {"text": "Does it fit the 2024 model?"})
    question = Question.objects.get(member=buyer)
    assert "2024 model" not in reader.get(address).content.decode()

    hq = sign_in(make_member(Role.HQ_OPERATOR))
    hq.post(f"/questions/{question.pk}/answer/", {"text": "Yes, it does.", "next": address})

    assert "Yes, it does." in reader.get(address).content.decode()
    assert "Yes, it does." in reader.get(f"/products/{part.slug}/").content.decode()


def test_guests_and_strangers_do_not_answer(signed_in, visitor, buyer, part):
    question = Question.objects.create(
        product=part, member=make_user(), text="Does it fit?", status="PUBLISHED", created_at=timezone.now()
    )
    assert visitor.post(f"/questions/{question.pk}/answer/", {"text": "Sure."}).status_code == 302
    signed_in.post(f"/questions/{question.pk}/answer/", {"text": "Sure."})
    assert question.answers.count() == 0
    for number in (10**9, 10**30):
        assert signed_in.post(f"/questions/{number}/answer/", {"text": "Sure."}).status_code == 404


def test_guests_are_asked_to_sign_in_before_they_ask(visitor, part):
    address = f"/products/{part.slug}/questions/"
    assert visitor.post(address, {"text": "Does it fit?"}).url == f"/account/login/?next={address}"


def test_a_product_page_asks_at_most_eight_questions(visitor, part, review, django_assert_max_num_queries):
    reviewed = Product.objects.filter(member_reviews__isnull=False, fitments__isnull=False).order_by("pk").first()
    for product in (part, reviewed):
        visitor.get(f"/products/{product.slug}/")
        with django_assert_max_num_queries(8):
            visitor.get(f"/products/{product.slug}/")


@pytest.mark.parametrize("path", ["", "reviews/", "questions/", "fit/", "reviews/write/"])
def test_products_that_are_not_there_are_404(path, signed_in):
    assert signed_in.get(f"/products/nobody/{path}").status_code == 404
