"""Pure rules of live service: who gets a conversation, who is there, what may be written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.support import conf


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    An agent as the choice sees them.

    ``stores`` without any means all; ``open`` is how many conversations the agent follows, ``most`` how many they can;
    ``last_at`` is when they got the last one (None: never).
    """

    agent_id: int
    topics: frozenset[str]
    stores: frozenset[int]
    open: int
    most: int
    last_at: datetime | None
    is_here: bool


def choose_agent(candidates: Iterable[Candidate], *, topic: str, store_id: int | None) -> int | None:
    """
    Return who gets a conversation, or None where nobody is here who can.

    Who is away, is full, does not know the topic or does not answer for the store is out. Of the others the one with
    the fewest conversations gets it; then whoever waits longest; then the oldest agent.
    """
    able = [
        one
        for one in candidates
        if one.is_here
        and one.open < one.most
        and topic in one.topics
        and (store_id is None or not one.stores or store_id in one.stores)
    ]
    if not able:
        return None
    return min(able, key=lambda one: (one.open, one.last_at.timestamp() if one.last_at else 0, one.agent_id)).agent_id


def is_here(*, is_available: bool, seen_at: datetime | None, now: datetime) -> bool:
    """Whether an agent takes conversations: said so, and their page was heard of in the last 90 seconds."""
    return is_available and seen_at is not None and now - seen_at <= conf.PRESENCE


def is_absent(seen_at: datetime | None, *, now: datetime) -> bool:
    """Whether an agent disappeared: nothing was heard of their page for longer than ABSENCE."""
    return seen_at is None or now - seen_at > conf.ABSENCE


def is_expected(*, is_answered: bool, spoken_at: datetime, now: datetime) -> bool:
    """Whether a customer counts on the agent: the last word was theirs, or the agent's a moment ago."""
    return not is_answered or now - spoken_at <= conf.AFTERTHOUGHT


def clean(text: str) -> str:
    """Return a text without characters that cannot be shown; line breaks and tabs stay."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter.isprintable() or letter in "\n\t\u200d\ufe0f").strip()
