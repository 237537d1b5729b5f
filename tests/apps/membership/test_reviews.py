"""Reviews: written, read by HQ, published, voted on, reported, replied to."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.api import Role
from apps.catalog.api import ProductInfo, ProductNotFound
from apps.kernel.api import MoveNotAllowed, OutboxEvent, outbox
from apps.membership import api
from apps.membership.models import ReviewPhoto
from tests.factories.accounts import make_member, make_user
from tests.factories.catalog import make_part
from tests.factories.membership import make_picture, make_review

pytestmark = pytest.mark.django_db
REVIEWS = ["membership.review_published.v1", "membership.review_withdrawn.v1"]


def facts() -> list[str]:
    return list(OutboxEvent.objects.filter(name__in=REVIEWS).order_by("id").values_list("name", flat=True))


def stars_of(part) -> tuple:
    outbox.drain(now=datetime.max.replace(tzinfo=UTC))
    return ProductInfo.objects.values_list("rating_count", "rating_average").get(pk=part.pk)


def test_a_review_waits_until_hq_has_read_it(member, part, now):
    review = api.write_review(product_id=part.pk, rating=4, text=" 装上很合适 ", by=member, now=now)

    assert (review.status, review.text) == ("PENDING", "装上很合适")
    summary, shown = api.list_top_reviews(part.pk)
    assert (summary.count, summary.average, shown) == (0, None, [])
    assert [row.id for row in api.list_reviews_of(member)] == [review.pk]
    assert facts() == []


def test_published_everybody_reads_it_under_a_masked_name(member, part, now):
    review = make_review(part, member, rating=4, now=now)

    summary, (shown,) = api.list_top_reviews(part.pk)
    assert (shown.id, shown.author, shown.rating, shown.helpful) == (review.pk, "林**", 4, 0)
    assert (summary.count, summary.average) == (1, 4.0)
    assert facts() == REVIEWS[:1]


def test_a_purchase_makes_it_verified(member, part, purchases, now):
    purchases.bought.add((member.pk, part.pk))
    make_review(part, member, now=now)
    assert api.list_top_reviews(part.pk)[1][0].is_verified


@pytest.mark.parametrize("rating", [0, 6, -1, 99])
def test_refuses_other_numbers_of_stars_and_writes_nothing(rating, member, part, now):
    with pytest.raises(api.InvalidReview) as refusal:
        api.write_review(product_id=part.pk, rating=rating, text="装上很合适", by=member, now=now)
    assert set(refusal.value.fields) == {"rating"}
    assert not api.Review.objects.exists()


@pytest.mark.parametrize("text", ["", "好", "\u200b" * 20, "x" * 2001])
def test_refuses_too_few_and_too_many_words(text, member, part, now):
    with pytest.raises(api.InvalidReview) as refusal:
        api.write_review(product_id=part.pk, rating=5, text=text, by=member, now=now)
    assert set(refusal.value.fields) == {"text"}
    assert not api.Review.objects.exists()


def test_markup_is_kept_as_words(member, part, now):
    text = "<script>alert(1)</script>'; DROP TABLE users; --"
    make_review(part, member, text=text, now=now)
    assert api.list_top_reviews(part.pk)[1][0].text == text


@pytest.mark.parametrize("product_id", [0, -1, 2**70, 999_999_999])
def test_refuses_a_product_that_is_not_there(product_id, member, now):
    with pytest.raises(ProductNotFound):
        api.write_review(product_id=product_id, rating=5, text="装上很合适", by=member, now=now)


def test_a_member_reviews_a_product_once(member, part, now):
    make_review(part, member, now=now)
    with pytest.raises(api.AlreadyReviewed):
        api.write_review(product_id=part.pk, rating=1, text="又买了一件", by=member, now=now)
    assert api.Review.objects.get().rating == 5


def test_a_rejection_says_why_to_its_author_alone(member, part, now):
    review = make_review(part, member, now=now, published=False)
    with pytest.raises(api.ReasonMissing):
        api.reject_review(review_id=review.pk, reason=" ", by=None, now=now)

    api.reject_review(review_id=review.pk, reason="含有电话号码", by=None, now=now)

    assert api.list_reviews_of(member)[0].reason == "含有电话号码"
    assert api.search_reviews(part.pk, api.ReviewQuery()).items == []
    with pytest.raises(MoveNotAllowed):
        api.publish_review(review_id=review.pk, by=None, now=now)
    assert facts() == []


def test_what_was_published_can_be_taken_down(member, part, now):
    review = make_review(part, member, now=now)
    api.reject_review(review_id=review.pk, reason="广告", by=None, now=now)
    assert api.list_top_reviews(part.pk)[1] == []
    assert facts() == REVIEWS


def test_a_revision_is_read_again(member, part, now):
    review = make_review(part, member, now=now)
    api.revise_review(review_id=review.pk, rating=2, text="用了一个月就坏了", by=member, now=now)

    assert api.list_top_reviews(part.pk)[1] == []
    api.publish_review(review_id=review.pk, by=None, now=now)
    assert api.list_top_reviews(part.pk)[1][0].rating == 2
    assert facts() == [REVIEWS[0], REVIEWS[1], REVIEWS[0]]


def test_anothers_review_reads_like_none(member, other, part, now):
    review = make_review(part, other, now=now)
    with pytest.raises(api.ReviewNotFound):
        api.revise_review(review_id=review.pk, rating=1, text="很糟糕的东西", by=member, now=now)
    with pytest.raises(api.ReviewNotFound):
        api.remove_review(review_id=review.pk, by=member, now=now)
    with pytest.raises(api.ReviewNotFound):
        api.access_review(review_id=review.pk, by=member)
    assert api.Review.objects.get().rating == 5


def test_the_catalog_follows_the_stars(member, other, part, now):
    mine = make_review(part, member, rating=5, now=now)
    make_review(part, other, rating=4, now=now)
    count, average = stars_of(part)
    assert (count, str(average)) == (2, "4.50")

    api.remove_review(review_id=mine.pk, by=member, now=now)
    count, average = stars_of(part)
    assert (count, str(average)) == (1, "4.00")

    api.reject_review(review_id=api.Review.objects.get().pk, reason="广告", by=None, now=now)
    assert stars_of(part) == (0, None)


def test_photos_come_along_and_go(member, part, now):
    photos = [make_picture(), make_picture(kind="PNG"), make_picture(kind="WEBP")]
    review = api.write_review(product_id=part.pk, rating=5, text="装上很合适", photos=photos, by=member, now=now)
    assert [photo.position for photo in review.photos.order_by("position")] == [0, 1, 2]

    first = review.photos.get(position=0)
    api.revise_review(
        review_id=review.pk,
        rating=5,
        text="装上很合适，补几张图",
        photos=[make_picture()],
        remove_photo_ids=[str(first.pk)],
        by=member,
        now=now,
    )
    assert sorted(photo.position for photo in review.photos.all()) == [0, 1, 2]
    assert not ReviewPhoto.objects.filter(pk=first.pk).exists()


def test_a_review_shows_six_photos_at_most(member, part, now):
    with pytest.raises(api.TooManyPhotos):
        api.write_review(
            product_id=part.pk, rating=5, text="装上很合适", photos=[make_picture()] * 7, by=member, now=now
        )
    assert not api.Review.objects.exists()


def test_a_bad_photo_keeps_the_review_from_being_written(member, part, now):
    broken = make_picture()
    broken.file.seek(0)
    broken.file.truncate(200)
    with pytest.raises(api.PhotoRefused):
        api.write_review(product_id=part.pk, rating=5, text="装上很合适", photos=[broken], by=member, now=now)
    assert not api.Review.objects.exists()


def test_photos_are_seen_by_all_once_published_and_before_by_author_and_hq(member, other, part, now):
    review = api.write_review(
        product_id=part.pk, rating=5, text="装上很合适", photos=[make_picture()], by=member, now=now
    )
    photo = review.photos.get()
    hq = make_member(Role.HQ_OPERATOR)
    assert api.access_photo(key=photo.pk, by=member) == api.access_photo(key=photo.pk, by=hq) == photo
    for nobody in (None, other):
        with pytest.raises(api.ReviewNotFound):
            api.access_photo(key=photo.pk, by=nobody)

    api.publish_review(review_id=review.pk, by=hq, now=now)
    assert api.access_photo(key=photo.pk, by=None) == photo


def test_votes_count_once_and_can_be_withdrawn(member, other, part, now):
    review = make_review(part, member, now=now)
    assert api.vote_helpful(review_id=review.pk, by=other, now=now) == 1
    assert api.vote_helpful(review_id=review.pk, by=other, now=now) == 1
    assert api.list_voted_ids(other, [review.pk]) == {review.pk}
    assert api.withdraw_vote(review_id=review.pk, by=other) == 0
    with pytest.raises(api.OwnReview):
        api.vote_helpful(review_id=review.pk, by=member, now=now)


def test_nobody_votes_on_or_reports_what_is_not_published(member, other, part, now):
    review = make_review(part, member, now=now, published=False)
    for act in (
        lambda: api.vote_helpful(review_id=review.pk, by=other, now=now),
        lambda: api.withdraw_vote(review_id=review.pk, by=other),
        lambda: api.report_review(review_id=review.pk, reason="ABUSE", by=other, now=now),
        lambda: api.get_published_review(review.pk),
        lambda: api.get_published_review(2**80),
    ):
        with pytest.raises(api.ReviewNotFound):
            act()


def test_a_report_counts_once(member, other, part, now):
    review = make_review(part, member, now=now)
    for _ in range(2):
        api.report_review(review_id=review.pk, reason="PRIVACY", by=other, now=now)
    with pytest.raises(api.ReasonMissing):
        api.report_review(review_id=review.pk, reason="BECAUSE", by=other, now=now)
    assert review.reports.count() == 1


def test_the_brand_and_the_seller_reply_and_nobody_else(member, other, part, now):
    review = make_review(part, member, now=now)
    hq = make_member(Role.HQ_OPERATOR)
    seller = make_member(Role.SUPPLIER, part.offers.get().seller.organization)
    stranger = make_member(Role.SUPPLIER)

    api.reply_to_review(review_id=review.pk, text="谢谢您的反馈", by=hq, now=now)
    api.reply_to_review(review_id=review.pk, text="我们会改进", by=seller, now=now)
    api.reply_to_review(review_id=review.pk, text="我们已经改进", by=seller, now=now)
    for nobody in (other, stranger):
        with pytest.raises(api.NotASeller):
            api.reply_to_review(review_id=review.pk, text="谢谢", by=nobody, now=now)

    _, (shown,) = api.list_top_reviews(part.pk)
    assert [reply.text for reply in shown.replies] == ["谢谢您的反馈", "我们已经改进"]


def test_lists_are_narrowed_and_sorted(part, purchases, now):
    people = [make_user(display_name=name) for name in ("甲", "乙", "丙")]
    purchases.bought.add((people[0].pk, part.pk))
    reviews = [make_review(part, who, rating=stars, now=now) for who, stars in zip(people, (5, 3, 1), strict=True)]
    api.vote_helpful(review_id=reviews[1].pk, by=people[0], now=now)

    def ids(**query):
        return [row.id for row in api.search_reviews(part.pk, api.ReviewQuery(**query)).items]

    assert ids(stars=3) == [reviews[1].pk]
    assert ids(verified=True) == [reviews[0].pk]
    assert ids(with_photos=True) == []
    assert ids(ordering="best") == [row.pk for row in reviews]
    assert ids(ordering="worst") == [row.pk for row in reversed(reviews)]
    assert ids(ordering="helpful")[0] == reviews[1].pk
    assert ids(ordering="nonsense", page=10**9) == [row.pk for row in reversed(reviews)]
    summary = api.get_rating(part.pk)
    assert [(bar.stars, bar.count, bar.percent) for bar in summary.bars] == [
        (5, 1, 33), (4, 0, 0), (3, 1, 33), (2, 0, 0), (1, 1, 33),
    ]  # fmt: skip


def test_reviews_take_few_questions_however_many_there_are(part, now, django_assert_num_queries):
    for _ in range(12):
        make_review(part, make_user(), now=now)
    with django_assert_num_queries(1):
        assert len(api.list_top_reviews(part.pk, most=6)[1]) == 6
    with django_assert_num_queries(3):
        page = api.search_reviews(part.pk, api.ReviewQuery(page=2))
    assert (page.count, page.pages, len(page.items)) == (12, 2, 2)


def test_a_review_outlives_its_authors_account(member, part, now):
    review = make_review(part, member, now=now)
    api.Review.objects.filter(pk=review.pk).update(member=None)
    assert api.list_top_reviews(part.pk)[1][0].author == ""


@pytest.mark.parametrize(
    "change", [{"rating": 6}, {"text": ""}, {"status": "PUBLISHED"}, {"status": "REJECTED"}], ids=str
)
def test_the_database_refuses_what_a_review_cannot_be(change, member, part, now):
    review = make_review(part, member, now=now, published=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        api.Review.objects.filter(pk=review.pk).update(**change)


def test_the_database_knows_six_photos(member, part, now):
    review = make_review(part, member, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewPhoto.objects.create(review=review, position=6, width=1, height=1)


def test_another_product_is_another_review(member, part, now):
    make_review(part, member, now=now)
    make_review(make_part(), member, now=now)
    assert len(api.list_reviews_of(member)) == 2
