"""Writes of reviews: by their authors, by HQ who reads them, by readers, by sellers who reply."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction

from apps.accounts.api import User
from apps.catalog.api import ProductInfo, ProductNotFound
from apps.events.api import ReviewPublished, ReviewReplied, ReviewWithdrawn
from apps.kernel.api import outbox, ports
from apps.membership import policies
from apps.membership.errors import (
    AlreadyReviewed,
    InvalidReview,
    InvalidText,
    NotASeller,
    OwnReview,
    ReasonMissing,
    ReviewNotFound,
    TooManyPhotos,
)
from apps.membership.models import Review, ReviewPhoto, ReviewReply, ReviewReport, ReviewVote
from apps.membership.models.reviews import MOST_PHOTOS
from apps.membership.photos import PreparedPhoto, prepare_photo
from apps.membership.selectors.speakers import find_official
from apps.membership.states import REVIEW, Moderation, ReportReason

LEAST_TEXT, MOST_TEXT = 5, 2000
LEAST_REPLY, MOST_REPLY = 2, 1000
LONGEST_REASON = 200
BEST = 5


def write_review(
    *, product_id: int, rating: int, text: str, photos: "Sequence[File[Any]]" = (), by: User, now: datetime
) -> Review:
    """
    Write down what a member thinks of a product; HQ reads it before everybody does.

    Photos are drawn anew before the transaction begins: it takes a moment, and nobody should wait for it.

    :raises InvalidReview: without one to five stars or 5 to 2,000 characters
    :raises TooManyPhotos: if there are more than MOST_PHOTOS
    :raises PhotoRefused: if one of them is no picture we show
    :raises ProductNotFound: if there is no such public product
    :raises AlreadyReviewed: if the member reviewed it before
    """
    words = _read(rating, text)
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    if not 0 < product_id < 2**63 or not _is_public(product_id):
        raise ProductNotFound(product_id=product_id)
    if Review.objects.filter(member=by, product_id=product_id).exists():
        raise AlreadyReviewed
    prepared = [prepare_photo(upload) for upload in photos]
    try:
        with transaction.atomic():
            review = Review.objects.create(
                product_id=product_id,
                member=by,
                rating=rating,
                text=words,
                is_verified=_has_bought(by, product_id),
                created_at=now,
            )
            _add_photos(review, prepared, positions=range(MOST_PHOTOS))
    except IntegrityError as error:
        # The constraint decides between two windows of one member; asking first only spared the photos.
        raise AlreadyReviewed from error
    return review


def revise_review(
    *,
    review_id: int,
    rating: int,
    text: str,
    photos: "Sequence[File[Any]]" = (),
    remove_photo_ids: Collection[str] = (),
    by: User,
    now: datetime,
) -> Review:
    """
    Let a member write a review anew; it is read again before everybody does.

    :raises ReviewNotFound: if the member wrote none with this id
    :raises InvalidReview: without one to five stars or 5 to 2,000 characters
    :raises TooManyPhotos: if more than MOST_PHOTOS would remain
    :raises PhotoRefused: if one of them is no picture we show
    """
    words = _read(rating, text)
    prepared = [prepare_photo(upload) for upload in photos[: MOST_PHOTOS + 1]]
    with transaction.atomic():
        review = _own(review_id, by)
        was_published = review.status == Moderation.PUBLISHED
        _drop_photos(photo for photo in review.photos.all() if str(photo.pk) in remove_photo_ids)
        taken = set(ReviewPhoto.objects.filter(review=review).values_list("position", flat=True))
        free = [position for position in range(MOST_PHOTOS) if position not in taken]
        if len(prepared) > len(free):
            raise TooManyPhotos(most=MOST_PHOTOS)
        REVIEW.move(review, "revise", by=by, at=now)
        review.rating, review.text, review.reason = rating, words, ""
        review.is_verified = _has_bought(by, review.product_id)
        review.save(update_fields=["rating", "text", "reason", "is_verified"])
        _add_photos(review, prepared, positions=free)
        if was_published:
            outbox.record(ReviewWithdrawn(product_id=review.product_id, review_id=review.pk), at=now)
    return review


@transaction.atomic
def remove_review(*, review_id: int, by: User, now: datetime) -> None:
    """
    Let a member take back a review, with everything that hangs on it.

    :raises ReviewNotFound: if the member wrote none with this id
    """
    review = _own(review_id, by)
    product_id, was_published = review.product_id, review.status == Moderation.PUBLISHED
    _drop_photos(review.photos.all())
    review.delete()
    if was_published:
        outbox.record(ReviewWithdrawn(product_id=product_id, review_id=review_id), at=now)


@transaction.atomic
def publish_review(*, review_id: int, by: User | None, now: datetime) -> Review:
    """
    Let everybody read a review.

    :raises ReviewNotFound: if there is none
    :raises MoveNotAllowed: if it is not waiting to be read
    """
    review = _locked(review_id)
    review.published_at = now
    review.save(update_fields=["published_at"])
    REVIEW.move(review, "publish", by=by, at=now)
    fact = ReviewPublished(product_id=review.product_id, review_id=review.pk, rating=review.rating)
    outbox.record(fact, at=now)
    return review


@transaction.atomic
def reject_review(*, review_id: int, reason: str, by: User | None, now: datetime) -> Review:
    """
    Keep a review back, or take it down; its author reads the reason.

    :raises ReasonMissing: without one
    :raises ReviewNotFound: if there is none
    :raises MoveNotAllowed: if it was rejected already
    """
    why = policies.clean_text(reason)[:LONGEST_REASON]
    if not why:
        raise ReasonMissing(fields={"reason": [str(ReasonMissing.message)]})
    review = _locked(review_id)
    was_published = review.status == Moderation.PUBLISHED
    review.reason = why
    review.save(update_fields=["reason"])
    REVIEW.move(review, "reject", by=by, at=now, reason=why)
    if was_published:
        outbox.record(ReviewWithdrawn(product_id=review.product_id, review_id=review.pk), at=now)
    return review


@transaction.atomic
def vote_helpful(*, review_id: int, by: User, now: datetime) -> int:
    """
    Count a member's vote for a review once; the number of votes after it.

    :raises ReviewNotFound: if no such review is published
    :raises OwnReview: if the member wrote it
    """
    review = _published(review_id)
    if review.member_id == by.pk:
        raise OwnReview
    # The constraint decides between two clicks at once; the second insert does nothing.
    ReviewVote.objects.bulk_create([ReviewVote(review=review, member=by, created_at=now)], ignore_conflicts=True)
    return review.votes.count()


@transaction.atomic
def withdraw_vote(*, review_id: int, by: User) -> int:
    """
    Take a vote back; without one nothing changes. The number of votes after it.

    :raises ReviewNotFound: if no such review is published
    """
    review = _published(review_id)
    review.votes.filter(member=by).delete()
    return review.votes.count()


@transaction.atomic
def report_review(*, review_id: int, reason: str, by: User, now: datetime) -> None:
    """
    Tell HQ that a review should not be here; once per member, repeating it changes nothing.

    :raises ReviewNotFound: if no such review is published
    :raises ReasonMissing: if the reason is none of ``ReportReason``
    """
    if reason not in ReportReason.values:
        raise ReasonMissing(fields={"reason": [str(ReasonMissing.message)]})
    review = _published(review_id)
    report = ReviewReport(review=review, member=by, reason=reason, created_at=now)
    ReviewReport.objects.bulk_create([report], ignore_conflicts=True)


@transaction.atomic
def reply_to_review(*, review_id: int, text: str, by: User, now: datetime) -> ReviewReply:
    """
    Let the brand or a seller of the product reply; a second reply of the same organization replaces its first.

    :raises ReviewNotFound: if no such review is published
    :raises NotASeller: if the user speaks for neither
    :raises InvalidText: if the text is too short or too long
    """
    words = policies.clean_text(text)
    if not LEAST_REPLY <= len(words) <= MOST_REPLY:
        raise InvalidText(least=LEAST_REPLY, most=MOST_REPLY)
    review = _published(review_id)
    speaker = find_official(user=by, product_id=review.product_id)
    if speaker is None:
        raise NotASeller
    reply, _ = ReviewReply.objects.update_or_create(
        review=review,
        organization=speaker.organization,
        defaults={"text": words, "written_by": by, "created_at": now},
    )
    outbox.record(ReviewReplied(product_id=review.product_id, review_id=review.pk), at=now)
    return reply


def _read(rating: int, text: str) -> str:
    words = policies.clean_text(text)
    fields = {}
    if not 1 <= rating <= BEST:
        fields["rating"] = [str(InvalidReview.message)]
    if not LEAST_TEXT <= len(words) <= MOST_TEXT:
        fields["text"] = [str(InvalidReview.message)]
    if fields:
        raise InvalidReview(fields=fields)
    return words


def _is_public(product_id: int) -> bool:
    return ProductInfo.objects.filter(product_id=product_id, product__is_public=True).exists()


def _has_bought(member: User, product_id: int) -> bool:
    return bool(ports.adapter("membership.purchases").has_bought(user_id=member.pk, product_id=product_id))


def _locked(review_id: int) -> Review:
    rows = Review.objects.select_for_update(of=("self",), no_key=True)
    review = rows.filter(pk=review_id).first() if 0 < review_id < 2**63 else None
    if review is None:
        raise ReviewNotFound
    return review


def _own(review_id: int, member: User) -> Review:
    review = _locked(review_id)
    if review.member_id != member.pk:
        raise ReviewNotFound
    return review


def _published(review_id: int) -> Review:
    found = Review.objects.filter(pk=review_id, status=Moderation.PUBLISHED) if 0 < review_id < 2**63 else None
    review = found.first() if found is not None else None
    if review is None:
        raise ReviewNotFound
    return review


def _add_photos(review: Review, prepared: Iterable[PreparedPhoto], *, positions: Iterable[int]) -> None:
    for position, shot in zip(positions, prepared, strict=False):
        photo = ReviewPhoto(review=review, position=position, width=shot.width, height=shot.height)
        photo.large.save("large.webp", ContentFile(shot.large), save=False)
        photo.small_webp.save("small.webp", ContentFile(shot.small_webp), save=False)
        photo.small_avif.save("small.avif", ContentFile(shot.small_avif), save=False)
        photo.save(force_insert=True)


def _drop_photos(photos: Iterable[ReviewPhoto]) -> None:
    for photo in list(photos):
        files = [photo.large, photo.small_webp, photo.small_avif]
        photo.delete()
        # Files go when the rows are gone for good.
        for file in files:
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))
