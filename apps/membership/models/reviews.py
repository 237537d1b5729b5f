"""Reviews: what members think of products, with photos, votes, reports and replies."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger
from apps.membership.states import Moderation, ReportReason

MOST_PHOTOS = 6


def photo_storage() -> Storage:
    """Return where photos lie: below no URL of its own, since what was not read yet is nobody's to see."""
    if "reviews" in settings.STORAGES:
        return storages["reviews"]
    return FileSystemStorage(location=settings.S2B2C_HOME / "reviews", base_url=None)


def photo_path(photo: "ReviewPhoto", name: str) -> str:
    """Return where a file lies: by its own id, so that nothing a person typed reaches the file system."""
    return f"{photo.pk.hex[:2]}/{photo.pk.hex}/{name}"


class Review(models.Model):
    """One member's stars and words about one product. Without a member: the author's account is gone."""

    product = models.ForeignKey("catalogue.Product", models.CASCADE, related_name="member_reviews")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="written_reviews", verbose_name=_("member")
    )
    rating = models.PositiveSmallIntegerField(_("stars"))
    text = models.TextField(_("text"), max_length=2000)
    status = models.CharField(
        _("status"), max_length=10, choices=Moderation.choices, default=Moderation.PENDING, db_index=False
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    is_verified = models.BooleanField(_("verified purchase"), default=False)
    created_at = models.DateTimeField(_("created at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        triggers = [AuditTrigger(name="audit", masked=("text",))]
        constraints = [
            models.UniqueConstraint(fields=["member", "product"], name="membership_one_review_per_member"),
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="membership_one_to_five_stars"),
            models.CheckConstraint(condition=~Q(text=""), name="membership_review_says_something"),
            models.CheckConstraint(
                condition=~Q(status=Moderation.PUBLISHED) | Q(published_at__isnull=False),
                name="membership_published_review_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status=Moderation.REJECTED) | ~Q(reason=""), name="membership_rejected_review_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "-published_at"],
                condition=Q(status=Moderation.PUBLISHED),
                name="membership_review_published",
            ),
            models.Index(
                fields=["created_at"], condition=Q(status=Moderation.PENDING), name="membership_review_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{'★' * self.rating} {self.text[:40]}"


class ReviewPhoto(models.Model):
    """A photo of a review, drawn anew: one to look at and a small one in two formats."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField(_("position"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    large = models.FileField(upload_to=photo_path, storage=photo_storage, max_length=120)
    small_webp = models.FileField(upload_to=photo_path, storage=photo_storage, max_length=120)
    small_avif = models.FileField(upload_to=photo_path, storage=photo_storage, max_length=120)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="membership_photo_position_once"),
            models.CheckConstraint(condition=Q(position__lt=MOST_PHOTOS), name="membership_six_photos_at_most"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReviewVote(models.Model):
    """A member found a review helpful. Votes are counted as rows; there is no counter to go wrong."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="helpful_votes")
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["review", "member"], name="membership_one_vote_per_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} → {self.review_id}"


class ReviewReport(models.Model):
    """A member thinks that a review should not be here."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="reports")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="review_reports")
    reason = models.CharField(_("reason"), max_length=12, choices=ReportReason.choices)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["review", "member"], name="membership_one_report_per_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} → {self.review_id}"


class ReviewReply(models.Model):
    """What the brand or a seller says to a review; one reply each."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="replies")
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="review_replies", verbose_name=_("organization")
    )
    text = models.TextField(_("text"), max_length=1000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [
            models.UniqueConstraint(fields=["review", "organization"], name="membership_one_reply_per_organization"),
            models.CheckConstraint(condition=~Q(text=""), name="membership_reply_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.text[:40]}"
