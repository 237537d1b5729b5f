"""What an app provides to have its rows imported; the engine does the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.kernel import ports
from apps.kernel.imports.errors import UnknownImportKind

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# An object as JSON: everything a run may change about it, and nothing else.
Image = Mapping[str, Any]
PORT = "kernel.imports."

# What the engine itself says about rows. A kind adds its own codes.
ROW_MESSAGES: dict[str, str | Promise] = {
    "required": _("This must be filled in."),
    "too_long": _("At most %(maximum)s characters."),
    "not_a_number": _("This is no number: %(value)s"),
    "out_of_range": _("This must lie between %(minimum)s and %(maximum)s."),
    "unknown_value": _("Unknown value: %(value)s"),
    "bad_character": _("This holds a character that cannot be stored."),
    "cell_error": _("The spreadsheet shows an error here: %(value)s"),
    "formula": _("A formula is not taken here; write the value itself: %(value)s"),
    "duplicate_key": _("This stands on line %(line)s already."),
    "refused": "%(reason)s",
    "not_storable": _("The database refuses this row: %(reason)s"),
    "changed_since": _("It was changed after the import, so it is left as it is now."),
    "in_use": _("Something refers to it by now, so it stays."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of one row (field "": with the row); the text comes from the code."""

    field: str
    code: str
    context: Mapping[str, Any] = attribute(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {"field": self.field, "code": self.code, "context": dict(self.context)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the table. A heading may be its code or its name in either language."""

    code: str
    name_zh: str
    name_en: str
    help: str | Promise = ""
    is_required: bool = False
    choices: Sequence[str] = ()
    example: str = ""
    width: int = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """On whose behalf, by whom and when a chunk is worked on."""

    scope: str
    by: "AbstractBaseUser | None"
    now: datetime


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row read: the key of the object it is about, and what the file says of it."""

    key: str
    payload: Mapping[str, Any]


class ImportKind(Protocol):
    """
    One kind of import. Answers the port ``kernel.imports.<code>``.

    With ``refuses_formulas = True`` a row that holds a formula is refused; else the result the file claims is read.
    With ``current_rows(scope=)``, the rows of today's values, it also fills the table that people download.
    ``parse`` is pure. ``merge`` reads at most what other rows of the chunk need as well. ``write`` and ``remove`` run
    in the chunk's transaction and raise ``DatabaseError`` where the database refuses, ``DomainError`` where a service
    does; the engine then finds the row.
    """

    code: str
    title: str | Promise
    # Who may start, apply and undo such a run: a Django permission.
    permission: str
    columns: Sequence[Column]
    messages: Mapping[str, str | Promise]

    def parse(self, cells: Mapping[str, str]) -> Parsed | list[Problem]:
        """Read one row; ``cells`` holds the columns the file has, stripped."""
        ...

    def snapshot(
        self, keys: Collection[str], *, context: ImportContext, lock: bool = False
    ) -> Mapping[str, Image | None]:
        """Return the image of each object, None where there is none; ``lock`` keeps others from changing them."""
        ...

    def merge(
        self, rows: Mapping[str, Mapping[str, Any]], images: Mapping[str, Image | None], *, context: ImportContext
    ) -> Mapping[str, Image | list[Problem]]:
        """Return what each object shall look like: its image under the row's payload; or what forbids it."""
        ...

    def write(self, images: Mapping[str, Image], *, context: ImportContext) -> None:
        """Make the objects look like their images; those that do not exist are created."""
        ...

    def remove(self, keys: Collection[str], *, context: ImportContext) -> None:
        """Remove objects that a run created; ``IntegrityError`` where something refers to one."""
        ...


def get_kind(code: str) -> ImportKind:
    """
    Return the kind of import of that code.

    :raises UnknownImportKind: if no app provides it
    """
    try:
        kind: ImportKind = ports.adapter(f"{PORT}{code}")
    except ImproperlyConfigured:
        raise UnknownImportKind(kind=code) from None
    return kind


def refuses_formulas(kind: ImportKind) -> bool:
    """Whether rows with formulas are refused; a kind that says nothing reads their results."""
    return bool(getattr(kind, "refuses_formulas", False))


def list_kinds() -> list[ImportKind]:
    """Return every kind of import the project knows."""
    return [ports.adapter(port) for port in sorted(settings.PORTS) if port.startswith(PORT)]


def text_of(kind: ImportKind | None, problem: Mapping[str, Any]) -> str:
    """Return what a stored problem says, in the reader's language."""
    messages = {**ROW_MESSAGES, **(kind.messages if kind else {})}
    text = str(messages.get(problem["code"], problem["code"]))
    return text % {name: _value(problem["context"].get(name, "")) for name in _names_in(text)} if "%(" in text else text


def _value(value: Any) -> Any:
    """A value of a problem; of one that was told in every language, the reader's."""
    return value.get(get_language(), next(iter(value.values()), "")) if isinstance(value, Mapping) else value


def _names_in(text: str) -> list[str]:
    return [part.partition(")")[0] for part in text.split("%(")[1:]]
