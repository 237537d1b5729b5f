"""Reads of reviews: what everybody sees of a product, what a member wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from apps.accounts.api import User
from apps.kernel.api import is_english
from apps.membership import policies
from apps.membership.errors import ReviewNotFound
from apps.membership.models import Review, ReviewPhoto, ReviewReply, ReviewVote
from apps.membership.states import Moderation, ReviewOrder

STARS = (5, 4, 3, 2, 1)
PAGE_SIZE = 10
FURTHEST_PAGE = 1000
_ORDERS: Mapping[str, Sequence[str]] = {
    ReviewOrder.NEWEST: ("-published_at", "-pk"),
    ReviewOrder.HELPFUL: ("-helpful", "-published_at", "-pk"),
    ReviewOrder.BEST: ("-rating", "-published_at", "-pk"),
    ReviewOrder.WORST: ("rating", "-published_at", "-pk"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoView:
    """A photo by its key; width and height are those of the large one, in pixels."""

    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """What an organization said to a review."""

    organization: str
    text: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review as everybody reads it: its author is a masked name, "" where the account is gone."""

    id: int
    product_id: int
    author: str
    rating: int
    text: str
    is_verified: bool
    published_at: datetime | None
    helpful: int
    status: str = Moderation.PUBLISHED
    reason: str = ""
    created_at: datetime | None = None
    photos: tuple[PhotoView, ...] = ()
    replies: tuple[ReplyView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of a histogram: how many reviews gave so many stars, and that in whole percent of all."""

    stars: int
    count: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSummary:
    """All published stars of a product; ``average`` None without any."""

    count: int = 0
    average: float | None = None
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQuery:
    """Which reviews of a product are read; ``stars`` 1 to 5 or None for all."""

    stars: int | None = None
    with_photos: bool = False
    verified: bool = False
    ordering: str = ReviewOrder.NEWEST
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One page of reviews, of ``count`` that match; ``summary`` is that of all reviews of the product."""

    count: int
    page: int
    pages: int
    items: list[ReviewView] = field(default_factory=list)
    summary: RatingSummary


def list_top_reviews(product_id: int, *, most: int = 4) -> tuple[RatingSummary, list[ReviewView]]:
    """Return the stars of a product and its most helpful reviews, in one query."""
    per_star = {
        f"stars_{star}": Window(Count("pk", filter=Q(rating=star)), partition_by=[F("product_id")]) for star in STARS
    }
    rows = list(_published(product_id).annotate(**per_star).order_by(*_ORDERS[ReviewOrder.HELPFUL])[:most])
    counts = {star: getattr(rows[0], f"stars_{star}") for star in STARS} if rows else {}
    return summarize(counts), [_view(row) for row in rows]


def search_reviews(product_id: int, query: ReviewQuery) -> ReviewPage:
    """Return one page of a product's published reviews; a page beyond the last is the last; three queries."""
    rows = _published(product_id)
    if query.stars in STARS:
        rows = rows.filter(rating=query.stars)
    if query.with_photos:
        rows = rows.filter(Exists(ReviewPhoto.objects.filter(review=OuterRef("pk"))))
    if query.verified:
        rows = rows.filter(is_verified=True)
    count = rows.count()
    pages = max(-(-count // PAGE_SIZE), 1)
    page = min(max(query.page, 1), pages, FURTHEST_PAGE)
    ordering = _ORDERS.get(query.ordering, _ORDERS[ReviewOrder.NEWEST])
    shown = rows.order_by(*ordering)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return ReviewPage(
        count=count, page=page, pages=pages, items=[_view(row) for row in shown], summary=get_rating(product_id)
    )


def get_rating(product_id: int) -> RatingSummary:
    """Return the published stars of a product; one query."""
    rows = Review.objects.filter(product_id=product_id, status=Moderation.PUBLISHED).values("rating")
    return summarize(dict(rows.annotate(number=Count("pk")).values_list("rating", "number")))


def count_stars(product_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (number of published reviews, sum of their stars) per product; products without any are left out."""
    rows = Review.objects.filter(product__in=product_ids, status=Moderation.PUBLISHED).values("product_id")
    sums = rows.annotate(number=Count("pk"), stars=Sum("rating"))
    return {row["product_id"]: (row["number"], row["stars"]) for row in sums}


def summarize(counts: Mapping[int, int]) -> RatingSummary:
    """Return the summary of so many reviews per number of stars."""
    count = sum(counts.values())
    total = sum(stars * number for stars, number in counts.items())
    bars = tuple(
        Bar(
            stars=star,
            count=counts.get(star, 0),
            percent=round(counts.get(star, 0) * 100 / count) if count else 0,
        )
        for star in STARS
    )
    return RatingSummary(count=count, average=policies.average_rating(count, total), bars=bars)


def list_reviews_of(member: User) -> list[ReviewView]:
    """Return what a member wrote, whatever its status, the newest first; one query."""
    rows = _annotated(Review.objects.filter(member=member)).order_by("-created_at", "-pk")
    return [_view(row) for row in rows]


def find_review_of(member: User, product_id: int) -> Review | None:
    """Return the member's review of a product, None if there is none."""
    return Review.objects.filter(member=member, product_id=product_id).first()


def access_review(*, review_id: int, by: User) -> ReviewView:
    """
    Return a review that the caller wrote.

    :raises ReviewNotFound: if there is none; another's reads alike
    """
    rows = Review.objects.filter(member=by, pk=review_id) if 0 < review_id < 2**63 else Review.objects.none()
    row = _annotated(rows).first()
    if row is None:
        raise ReviewNotFound
    return _view(row)


def get_published_review(review_id: int) -> ReviewView:
    """
    Return a review that everybody may read.

    :raises ReviewNotFound: if there is none
    """
    rows = Review.objects.filter(pk=review_id, status=Moderation.PUBLISHED) if 0 < review_id < 2**63 else None
    row = _annotated(rows).first() if rows is not None else None
    if row is None:
        raise ReviewNotFound
    return _view(row)


def list_voted_ids(member: User, review_ids: Sequence[int]) -> set[int]:
    """Return which of these reviews the member found helpful."""
    return set(ReviewVote.objects.filter(member=member, review__in=review_ids).values_list("review_id", flat=True))


def access_photo(*, key: Any, by: User | None) -> ReviewPhoto:
    """
    Return a photo that the caller may see: of a published review, of their own, or anyone's for HQ.

    :raises ReviewNotFound: if there is none
    """
    photo = ReviewPhoto.objects.select_related("review").filter(pk=key).first()
    if photo is not None:
        is_hq = by is not None and by.is_staff
        is_own = by is not None and photo.review.member_id == by.pk
        if photo.review.status == Moderation.PUBLISHED or is_own or is_hq:
            return photo
    raise ReviewNotFound


def _published(product_id: int) -> QuerySet[Review]:
    return _annotated(Review.objects.filter(product_id=product_id, status=Moderation.PUBLISHED))


def _annotated(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Add votes, photos, replies and the author's name to each row, without a query more."""
    photos = ReviewPhoto.objects.filter(review=OuterRef("pk")).order_by("position")
    replies = ReviewReply.objects.filter(review=OuterRef("pk")).order_by("created_at", "pk")
    votes = ReviewVote.objects.filter(review=OuterRef("pk")).order_by().values("review")
    helpful = Subquery(votes.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return rows.annotate(
        author=Coalesce(F("member__display_name"), Value("")),
        helpful=Coalesce(helpful, Value(0)),
        shots=ArraySubquery(photos.values(json=JSONObject(key="pk", width="width", height="height"))),
        said=ArraySubquery(
            replies.values(
                json=JSONObject(
                    name_zh="organization__name_zh",
                    name_en="organization__name_en",
                    text="text",
                    created_at="created_at",
                )
            )
        ),
    )


def _view(row: Any) -> ReviewView:
    name = "name_en" if is_english() else "name_zh"
    return ReviewView(
        id=row.pk,
        product_id=row.product_id,
        author=policies.mask_name(row.author),
        rating=row.rating,
        text=row.text,
        is_verified=row.is_verified,
        published_at=row.published_at,
        helpful=row.helpful,
        status=row.status,
        reason=row.reason,
        created_at=row.created_at,
        photos=tuple(PhotoView(key=str(shot["key"]), width=shot["width"], height=shot["height"]) for shot in row.shots),
        replies=tuple(
            ReplyView(organization=reply[name], text=reply["text"], created_at=parse_datetime(reply["created_at"]))
            for reply in row.said
        ),
    )
