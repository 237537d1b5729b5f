"""HQ's queue: what members wrote waits here to be read. Every action is one service call."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.kernel.api import DomainError, ReadOnlyAdminMixin
from apps.membership import api
from apps.membership.models import Answer, GarageCar, Question, Review, ReviewReply, ReviewReport, SavedConfiguration
from apps.membership.policies import mask_name
from apps.membership.states import Moderation

LABELS = {Moderation.PENDING: "warning", Moderation.PUBLISHED: "success", Moderation.REJECTED: "danger"}


class WordsForm(ActionForm):
    """An action with a few words: the reason of a rejection, or the text of an answer."""

    words = forms.CharField(
        label="",
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget({"placeholder": _("Reason or answer"), "aria-label": _("Reason or answer")}),
    )


class ModeratedAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """What members wrote: what waits comes first."""

    action_form = WordsForm
    show_full_result_count = False
    ordering = ["created_at"]
    list_per_page = 50

    @display(description=_("status"), ordering="status", label=LABELS)
    def status_label(self, row: Any) -> tuple[str, str]:
        """Show the status as a colored label."""
        return row.status, row.get_status_display()

    @display(description=_("member"))
    def author(self, row: Any) -> str:
        """Show who wrote it as the shop does: masked."""
        return mask_name(row.member.display_name) if row.member else "–"

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change, which these pages use for nothing else."""
        return request.user.has_perm(f"membership.change_{self.opts.model_name}")

    def each(self, request: HttpRequest, rows: QuerySet, act: Callable[[int], object], done: Any) -> None:
        """Call ``act`` for every chosen row and say what came of it; ``done`` may name ``%(count)s``."""
        count = 0
        for pk in rows.values_list("pk", flat=True):
            try:
                act(pk)
                count += 1
            except DomainError as refusal:
                self.message_user(request, f"{pk}: {refusal}", messages.ERROR)
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)


class ReportInline(ReadOnlyAdminMixin, TabularInline):
    """Who thinks that it should not be here."""

    model = ReviewReport
    fields = ["reason", "created_at"]
    readonly_fields = fields
    extra = 0


class ReplyInline(ReadOnlyAdminMixin, TabularInline):
    """What the brand and sellers said to it."""

    model = ReviewReply
    fields = ["organization", "text", "created_at"]
    readonly_fields = fields
    extra = 0


@admin.register(Review)
class ReviewAdmin(ModeratedAdmin):
    """Reviews to read: publish, reject with a reason, reply."""

    list_display = [
        "text_start", "stars", "product", "author", "status_label", "photo_count", "report_count", "created_at",
    ]  # fmt: skip
    list_filter = ["status", "rating", "is_verified"]
    list_select_related = ["product", "member"]
    search_fields = ["text", "product__title", "product__upc"]
    actions = ["publish", "reject", "reply"]
    inlines = [ReplyInline, ReportInline]
    fields = [
        "product", "author", "rating", "text", "pictures", "status", "reason", "is_verified", "created_at",
        "published_at",
    ]  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """Count photos and reports with the page."""
        rows = super().get_queryset(request)
        return rows.annotate(photos_count=Count("photos", distinct=True), reports_count=Count("reports", distinct=True))

    @display(description=_("text"))
    def text_start(self, review: Review) -> str:
        """Show how it begins."""
        return review.text[:60]

    @display(description=_("stars"), ordering="rating")
    def stars(self, review: Review) -> str:
        """Show the stars."""
        return "★" * review.rating

    @display(description=_("photos"), ordering="photos_count")
    def photo_count(self, review: Any) -> int:
        """Show how many photos it has."""
        return review.photos_count

    @display(description=_("reports"), ordering="reports_count")
    def report_count(self, review: Any) -> int:
        """Show how many members reported it."""
        return review.reports_count

    @display(description=_("photos"))
    def pictures(self, review: Review) -> SafeString:
        """Show its photos; each opens large."""
        shots = [
            (
                reverse("shop:review-photo", args=[photo.pk, "large.webp"]),
                reverse("shop:review-photo", args=[photo.pk, "small.webp"]),
            )
            for photo in review.photos.order_by("position")
        ]
        return format_html_join(" ", '<a href="{}"><img src="{}" width="160" alt=""></a>', shots) or format_html("–")

    @admin.action(description=_("Publish"), permissions=["act"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Let everybody read the chosen reviews."""
        now = timezone.now()
        self.each(
            request,
            queryset,
            lambda pk: api.publish_review(review_id=pk, by=request.user, now=now),
            _("%(count)s published."),
        )

    @admin.action(description=_("Reject, or take down (with a reason)"), permissions=["act"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Keep the chosen reviews back; their authors read the reason."""
        now, reason = timezone.now(), request.POST.get("words", "")
        self.each(
            request,
            queryset,
            lambda pk: api.reject_review(review_id=pk, reason=reason, by=request.user, now=now),
            _("%(count)s rejected."),
        )

    @admin.action(description=_("Reply for the brand"), permissions=["act"])
    def reply(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Say something to the chosen reviews."""
        now, text = timezone.now(), request.POST.get("words", "")
        self.each(
            request,
            queryset,
            lambda pk: api.reply_to_review(review_id=pk, text=text, by=request.user, now=now),
            _("%(count)s replied to."),
        )


class AnswerInline(ReadOnlyAdminMixin, TabularInline):
    """What was answered."""

    model = Answer
    fields = ["voice", "organization", "text", "status", "created_at"]
    readonly_fields = fields
    extra = 0


@admin.register(Question)
class QuestionAdmin(ModeratedAdmin):
    """Questions to read and to answer: an answer publishes its question."""

    list_display = ["text", "product", "author", "status_label", "answer_count", "created_at"]
    list_filter = ["status", ("answers", admin.EmptyFieldListFilter)]
    list_select_related = ["product", "member"]
    search_fields = ["text", "product__title", "product__upc"]
    actions = ["answer", "publish", "reject"]
    inlines = [AnswerInline]
    fields = ["product", "author", "text", "status", "reason", "created_at", "published_at"]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Count answers with the page."""
        return super().get_queryset(request).annotate(answers_count=Count("answers", distinct=True))

    @display(description=_("answers"), ordering="answers_count")
    def answer_count(self, question: Any) -> int:
        """Show how many answers it has."""
        return question.answers_count

    @admin.action(description=_("Answer for the brand"), permissions=["act"])
    def answer(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Answer the chosen questions with the same words."""
        now, text = timezone.now(), request.POST.get("words", "")
        self.each(
            request,
            queryset,
            lambda pk: api.answer_question(question_id=pk, text=text, by=request.user, now=now),
            _("%(count)s answered."),
        )

    @admin.action(description=_("Publish"), permissions=["act"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Let everybody read the chosen questions."""
        now = timezone.now()
        self.each(
            request,
            queryset,
            lambda pk: api.publish_question(question_id=pk, by=request.user, now=now),
            _("%(count)s published."),
        )

    @admin.action(description=_("Reject, or take down (with a reason)"), permissions=["act"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Keep the chosen questions back."""
        now, reason = timezone.now(), request.POST.get("words", "")
        self.each(
            request,
            queryset,
            lambda pk: api.reject_question(question_id=pk, reason=reason, by=request.user, now=now),
            _("%(count)s rejected."),
        )


@admin.register(Answer)
class AnswerAdmin(ModeratedAdmin):
    """Owners' answers to read."""

    list_display = ["text", "question", "voice", "author", "status_label", "created_at"]
    list_filter = ["status", "voice"]
    list_select_related = ["question", "member"]
    search_fields = ["text", "question__text"]
    actions = ["publish", "reject"]
    fields = ["question", "author", "voice", "organization", "text", "status", "reason", "created_at"]
    readonly_fields = fields

    @admin.action(description=_("Publish"), permissions=["act"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Answer]) -> None:
        """Let everybody read the chosen answers."""
        now = timezone.now()
        self.each(
            request,
            queryset,
            lambda pk: api.publish_answer(answer_id=pk, by=request.user, now=now),
            _("%(count)s published."),
        )

    @admin.action(description=_("Reject, or take down (with a reason)"), permissions=["act"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Answer]) -> None:
        """Keep the chosen answers back."""
        now, reason = timezone.now(), request.POST.get("words", "")
        self.each(
            request,
            queryset,
            lambda pk: api.reject_answer(answer_id=pk, reason=reason, by=request.user, now=now),
            _("%(count)s rejected."),
        )


@admin.register(GarageCar)
class GarageCarAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Which cars members drive; what they told about them stays theirs."""

    list_display = ["product", "is_current", "created_at"]
    list_select_related = ["product"]
    list_filter = ["is_current"]
    fields = ["product", "is_current", "created_at"]
    readonly_fields = fields
    ordering = ["-created_at"]
    show_full_result_count = False


@admin.register(SavedConfiguration)
class SavedConfigurationAdmin(ReadOnlyAdminMixin, ModelAdmin):
    """Which cars members put together; the names they gave them stay theirs."""

    list_display = ["configuration", "created_at", "changed_at"]
    fields = ["configuration", "created_at", "changed_at"]
    readonly_fields = fields
    ordering = ["-changed_at"]
    show_full_result_count = False
