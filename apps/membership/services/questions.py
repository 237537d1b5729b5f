"""Writes of questions and answers."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.api import User
from apps.catalog.api import ProductInfo, ProductNotFound
from apps.events.api import QuestionsChanged
from apps.kernel.api import outbox
from apps.membership import policies
from apps.membership.errors import (
    AlreadyAnswered,
    AnswerNotFound,
    InvalidText,
    NotAnOwner,
    QuestionNotFound,
    ReasonMissing,
    TooManyQuestions,
)
from apps.membership.models import Answer, Question
from apps.membership.selectors.speakers import find_speaker
from apps.membership.states import ANSWER, QUESTION, Moderation, Voice

LEAST_QUESTION, MOST_QUESTION = 4, 500
LEAST_ANSWER, MOST_ANSWER = 2, 1000
# So many questions of one member may wait to be read.
MOST_WAITING = 10
LONGEST_REASON = 200


@transaction.atomic
def ask_question(*, product_id: int, text: str, by: User, now: datetime) -> Question:
    """
    Ask something about a product; HQ reads it before everybody does.

    :raises InvalidText: if it is too short or too long
    :raises ProductNotFound: if there is no such public product
    :raises TooManyQuestions: if MOST_WAITING of the member's questions wait to be read
    """
    words = _read(text, least=LEAST_QUESTION, most=MOST_QUESTION)
    is_known = 0 < product_id < 2**63 and ProductInfo.objects.filter(product_id=product_id, product__is_public=True)
    if not is_known or not is_known.exists():
        raise ProductNotFound(product_id=product_id)
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    if Question.objects.filter(member=by, status=Moderation.PENDING).count() >= MOST_WAITING:
        raise TooManyQuestions(most=MOST_WAITING)
    return Question.objects.create(product_id=product_id, member=by, text=words, created_at=now)


@transaction.atomic
def publish_question(*, question_id: int, by: User | None, now: datetime) -> Question:
    """
    Let everybody read a question.

    :raises QuestionNotFound: if there is none
    :raises MoveNotAllowed: if it is not waiting to be read
    """
    question = _locked_question(question_id)
    question.published_at = now
    question.save(update_fields=["published_at"])
    QUESTION.move(question, "publish", by=by, at=now)
    _tell(question, now)
    return question


@transaction.atomic
def reject_question(*, question_id: int, reason: str, by: User | None, now: datetime) -> Question:
    """
    Keep a question back, or take it down; its author reads the reason.

    :raises ReasonMissing: without one
    :raises QuestionNotFound: if there is none
    :raises MoveNotAllowed: if it was rejected already
    """
    why = _read_reason(reason)
    question = _locked_question(question_id)
    question.reason = why
    question.save(update_fields=["reason"])
    QUESTION.move(question, "reject", by=by, at=now, reason=why)
    _tell(question, now)
    return question


def answer_question(*, question_id: int, text: str, by: User, now: datetime) -> Answer:
    """
    Answer a published question: for the brand or a seller at once, as an owner after HQ has read it.

    HQ may answer a question that waits to be read: answering publishes it.

    :raises InvalidText: if it is too short or too long
    :raises QuestionNotFound: if there is none that the user may read
    :raises NotAnOwner: if the user speaks for nobody and did not buy the product
    :raises AlreadyAnswered: if the user answered it before
    """
    words = _read(text, least=LEAST_ANSWER, most=MOST_ANSWER)
    try:
        with transaction.atomic():
            return _answer(question_id, words, by=by, now=now)
    except IntegrityError as error:
        raise AlreadyAnswered from error


def _answer(question_id: int, words: str, *, by: User, now: datetime) -> Answer:
    question = _locked_question(question_id)
    speaker = find_speaker(user=by, product_id=question.product_id)
    voice = speaker.voice if speaker else None
    if question.status == Moderation.PENDING and voice == Voice.HQ:
        publish_question(question_id=question.pk, by=by, now=now)
    elif question.status != Moderation.PUBLISHED:
        raise QuestionNotFound
    if speaker is None:
        raise NotAnOwner
    answer = Answer.objects.create(
        question=question,
        member=by,
        voice=speaker.voice,
        organization=speaker.organization,
        text=words,
        created_at=now,
    )
    if voice != Voice.OWNER:
        ANSWER.move(answer, "publish", by=by, at=now)
        _tell(question, now)
    return answer


@transaction.atomic
def publish_answer(*, answer_id: int, by: User | None, now: datetime) -> Answer:
    """
    Let everybody read an owner's answer.

    :raises AnswerNotFound: if there is none
    :raises MoveNotAllowed: if it is not waiting to be read
    """
    answer = _get_answer(answer_id)
    ANSWER.move(answer, "publish", by=by, at=now)
    _tell(answer.question, now)
    return answer


@transaction.atomic
def reject_answer(*, answer_id: int, reason: str, by: User | None, now: datetime) -> Answer:
    """
    Keep an answer back, or take it down; its author reads the reason.

    :raises ReasonMissing: without one
    :raises AnswerNotFound: if there is none
    :raises MoveNotAllowed: if it was rejected already
    """
    why = _read_reason(reason)
    answer = _get_answer(answer_id)
    answer.reason = why
    answer.save(update_fields=["reason"])
    ANSWER.move(answer, "reject", by=by, at=now, reason=why)
    _tell(answer.question, now)
    return answer


def _read(text: str, *, least: int, most: int) -> str:
    words = policies.clean_text(text)
    if not least <= len(words) <= most:
        refusal = InvalidText(least=least, most=most)
        raise InvalidText(least=least, most=most, fields={"text": [str(refusal)]})
    return words


def _read_reason(reason: str) -> str:
    why = policies.clean_text(reason)[:LONGEST_REASON]
    if not why:
        raise ReasonMissing(fields={"reason": [str(ReasonMissing.message)]})
    return why


def _locked_question(question_id: int) -> Question:
    rows = Question.objects.select_for_update(of=("self",), no_key=True)
    question = rows.filter(pk=question_id).first() if 0 < question_id < 2**63 else None
    if question is None:
        raise QuestionNotFound
    return question


def _get_answer(answer_id: int) -> Answer:
    rows = Answer.objects.select_for_update(of=("self",), no_key=True).select_related("question")
    answer = rows.filter(pk=answer_id).first() if 0 < answer_id < 2**63 else None
    if answer is None:
        raise AnswerNotFound
    return answer


def _tell(question: Question, now: datetime) -> None:
    outbox.record(QuestionsChanged(product_id=question.product_id, question_id=question.pk), at=now)
