"""The to-do list that both portals begin with: blocks of what waits, each with the shortest way to do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from apps.accounts.api import Organization

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Action:
    """One button of a row: a form sent to ``url`` with its ``hidden`` fields, or without ``is_post`` a link."""

    label: Text
    url: str
    is_post: bool = True
    is_primary: bool = True
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TodoRow:
    """One thing that waits. ``due_at`` is its clock; ``tone`` colors its badge: good, bad, warn, accent or none."""

    title: Text
    url: str = ""
    detail: Text = ""
    badge: Text = ""
    tone: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TodoBlock:
    """
    One kind of thing that waits. ``count`` may exceed ``rows``; ``link`` leads to all of them.

    A block without count is shown as done if ``empty`` says something, else left out.
    """

    title: Text
    count: int
    icon: str = "check"
    rows: tuple[TodoRow, ...] = field(default_factory=tuple)
    link: str = ""
    link_label: Text = ""
    empty: Text = ""
    tone: str = ""


Block = Callable[..., TodoBlock | None]


def collect(blocks: tuple[Block, ...], *, organization: Organization, now: datetime) -> list[TodoBlock]:
    """Ask every block what waits for the organization; what waits comes first, each in the order given."""
    found = [made for block in blocks if (made := block(organization=organization, now=now)) is not None]
    shown = [block for block in found if block.count or block.empty]
    return [block for block in shown if block.count] + [block for block in shown if not block.count]
