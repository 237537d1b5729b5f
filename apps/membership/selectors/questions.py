"""Reads of questions and answers."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from apps.accounts.api import User
from apps.kernel.api import is_english
from apps.membership import policies
from apps.membership.models import Answer, Question
from apps.membership.states import Moderation, Voice

PAGE_SIZE = 10
FURTHEST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """An answer as everybody reads it; ``author`` is an organization's name or an owner's masked one."""

    voice: str
    author: str
    text: str
    created_at: Any

    @property
    def voice_name(self) -> str:
        """Who speaks, in the reader's language."""
        return str(Voice(self.voice).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as everybody reads it, with its published answers, the brand's first."""

    id: int
    product_id: int
    author: str
    text: str
    status: str
    reason: str
    created_at: Any
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """One page of questions, of ``count`` that are published."""

    count: int
    page: int
    pages: int
    items: list[QuestionView]


def list_top_questions(product_id: int, *, most: int = 3) -> tuple[int, list[QuestionView]]:
    """Return how many questions of a product are published, and those with most answers; one query."""
    answered = Count("answers", filter=Q(answers__status=Moderation.PUBLISHED))
    rows = _published(product_id).annotate(answered=answered, total=Window(Count("pk"), partition_by=[F("product_id")]))
    found = list(rows.order_by("-answered", "-published_at", "-pk")[:most])
    return (found[0].total if found else 0), [_view(row) for row in found]


def search_questions(product_id: int, *, page: int = 1) -> QuestionPage:
    """Return one page of a product's published questions, the newest first; a page beyond the last is the last."""
    count = Question.objects.filter(product_id=product_id, status=Moderation.PUBLISHED).count()
    pages = max(-(-count // PAGE_SIZE), 1)
    number = min(max(page, 1), pages, FURTHEST_PAGE)
    rows = _published(product_id).order_by("-published_at", "-pk")[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return QuestionPage(count=count, page=number, pages=pages, items=[_view(row) for row in rows])


def list_questions_of(member: User) -> list[QuestionView]:
    """Return what a member asked, whatever its status, the newest first."""
    rows = _annotated(Question.objects.filter(member=member)).order_by("-created_at", "-pk")
    return [_view(row) for row in rows]


def _published(product_id: int) -> QuerySet[Question]:
    return _annotated(Question.objects.filter(product_id=product_id, status=Moderation.PUBLISHED))


def _annotated(rows: QuerySet[Question]) -> QuerySet[Question]:
    # HQ sorts before OWNER and SELLER by its name alone.
    answers = Answer.objects.filter(question=OuterRef("pk"), status=Moderation.PUBLISHED).order_by("voice", "pk")
    said = JSONObject(
        voice="voice",
        name_zh="organization__name_zh",
        name_en="organization__name_en",
        owner="member__display_name",
        text="text",
        created_at="created_at",
    )
    return rows.annotate(
        author=Coalesce(F("member__display_name"), Value("")), said=ArraySubquery(answers.values(json=said))
    )


def _view(row: Any) -> QuestionView:
    return QuestionView(
        id=row.pk,
        product_id=row.product_id,
        author=policies.mask_name(row.author),
        text=row.text,
        status=row.status,
        reason=row.reason,
        created_at=row.created_at,
        answers=tuple(_answer(answer) for answer in row.said),
    )


def _answer(row: dict[str, Any]) -> AnswerView:
    name = "name_en" if is_english() else "name_zh"
    is_owner = row["voice"] == Voice.OWNER
    return AnswerView(
        voice=row["voice"],
        author=policies.mask_name(row["owner"] or "") if is_owner else row[name],
        text=row["text"],
        created_at=parse_datetime(row["created_at"]),
    )
