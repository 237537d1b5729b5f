"""
Importing authorizations: what the import engine of the kernel asks of an app, answered for dealers' rights.

A row is about one right from its first day on: it is granted, or runs longer. What would end sooner is refused: a
territory may rest on it, and ends on its own page. The image of a right is its last day and the reason of the last
decision about it; one that was revoked reads as none, so that undoing a grant is revoking it. History keeps both.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.dealers.models import Authorization, ChannelChange, Dealer
from apps.dealers.selectors.regions import all_regions
from apps.dealers.services.authorizations import (
    GrantWish,
    end_authorization,
    extend_authorization,
    grant_authorization,
    revoke_authorization,
)
from apps.dealers.services.history import LONGEST_REASON
from apps.dealers.states import AuthorizationKind, ChannelMove
from apps.kernel.api import imports, ports

Column, Problem, Parsed = imports.Column, imports.Problem, imports.Parsed
DAY = timedelta(days=1)
KINDS = {"销售": AuthorizationKind.SALES, "售后": AuthorizationKind.SERVICE, "服务": AuthorizationKind.SERVICE}
MOVES = (ChannelMove.GRANT, ChannelMove.EXTEND, ChannelMove.END)

COLUMNS = (
    Column(code="dealer", name_zh="经销商编码", name_en="Dealer", is_required=True, example="ST-SHANGHAI-PUDONG"),
    Column(code="brand", name_zh="品牌编码", name_en="Brand", is_required=True, example="XINGCHI"),
    Column(code="region", name_zh="区域代码", name_en="Region", is_required=True, example="310000",
           help=_("Six digits: 310000 is all of Shanghai, 000000 all of China.")),
    Column(code="kind", name_zh="类型", name_en="Kind", is_required=True, choices=tuple(AuthorizationKind.values),
           example="SALES"),
    Column(code="first_day", name_zh="首日", name_en="First day", is_required=True, example="2027-01-01"),
    Column(code="last_day", name_zh="末日", name_en="Last day", example="2027-12-31",
           help=_("Empty: until further notice.")),
    Column(code="reason", name_zh="理由", name_en="Reason", is_required=True, width=32, example="2027 年度授权",
           help=_("Kept in the dealer's history.")),
)  # fmt: skip

MESSAGES = {
    "bad_day": _("A day reads like 2026-06-30: %(value)s"),
    "ends_before": _("The last day lies before the first."),
    "unknown_dealer": _("There is no dealer with the code %(value)s."),
    "unknown_brand": _("There is no brand with the code %(value)s."),
    "unknown_region": _("There is no region with the code %(value)s."),
    "is_over": _("The last day is past: there is nothing to grant."),
    "ends_sooner": _("It would end sooner than it does (%(value)s): end it on its own page."),
    "overlaps": _("The dealer has this right already, from %(value)s on."),
}


@dataclass(frozen=True, slots=True)
class _Key:
    """What a right is known by, as a row's key spells it."""

    dealer: str
    brand: str
    region: str
    kind: str
    first_day: str

    def __str__(self) -> str:
        return " ".join((self.dealer, self.brand, self.region, self.kind, self.first_day))


class AuthorizationImport:
    """Answers ``kernel.imports.authorizations``."""

    code = "authorizations"
    title = _("Dealers' authorizations")
    permission = "dealers.change_authorization"
    refuses_formulas = True
    columns = COLUMNS
    messages = MESSAGES

    def parse(self, cells: Mapping[str, str]) -> "imports.Parsed | list[imports.Problem]":
        """Read one row."""
        problems = [
            Problem(column.code, "required") for column in COLUMNS if column.is_required and not cells.get(column.code)
        ]
        kind = _kind(cells.get("kind", ""))
        if cells.get("kind") and kind is None:
            problems.append(Problem("kind", "unknown_value", {"value": cells["kind"]}))
        days = {}
        for name in ("first_day", "last_day"):
            days[name] = _day(cells.get(name, ""))
            if cells.get(name) and days[name] is None:
                problems.append(Problem(name, "bad_day", {"value": cells[name]}))
        first, last = days["first_day"], days["last_day"]
        if first and last and last < first:
            problems.append(Problem("last_day", "ends_before"))
        if len(cells.get("reason", "")) > LONGEST_REASON:
            problems.append(Problem("reason", "too_long", {"maximum": LONGEST_REASON}))
        problems += [
            Problem(name, "unknown_value", {"value": cells[name]})
            for name in ("dealer", "brand", "region")
            if cells.get(name) and not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", cells[name])
        ]
        if problems or kind is None or first is None:
            return problems
        key = _Key(cells["dealer"], cells["brand"], cells["region"], str(kind), first.isoformat())
        return Parsed(str(key), {"last_day": last.isoformat() if last else "", "reason": cells["reason"]})

    def current_rows(self, *, scope: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rights that were not revoked, in the order of the columns; reasons are for people to give."""
        rights = Authorization.objects.filter(revoked_at=None, valid__startswith__isnull=False).select_related("dealer")
        for right in rights.order_by("dealer__code", "brand_code", "region_code", "kind", "valid"):
            terms = (right.brand_code, right.region_code, right.kind)
            yield (right.dealer.code, *terms, right.valid.lower.isoformat(), _last_day(right), "")

    def snapshot(
        self, keys: Collection[str], *, context: "imports.ImportContext", lock: bool = False
    ) -> dict[str, "imports.Image | None"]:
        """The images of the rights; ``lock`` locks their dealers, as every decision about a dealer does."""
        if lock:
            dealers = Dealer.objects.filter(code__in={_key(key).dealer for key in keys})
            list(dealers.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
        rights = _find(keys)
        reasons: dict[int, str] = {}
        ids = [right.pk for right in rights.values()]
        changes = ChannelChange.objects.filter(move__in=MOVES, object_id__in=ids).order_by("pk")
        reasons.update(changes.values_list("object_id", "reason"))
        images: dict[str, imports.Image | None] = dict.fromkeys(keys)
        for key, right in rights.items():
            images[key] = {"last_day": _last_day(right), "reason": reasons.get(right.pk, "")}
        return images

    def merge(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        images: Mapping[str, "imports.Image | None"],
        *,
        context: "imports.ImportContext",
    ) -> dict[str, "imports.Image | list[imports.Problem]"]:
        """What each row makes of its right, or what forbids it."""
        check = _Check(rows, today=timezone.localdate(context.now))
        return {key: check.merge(key, row, images.get(key)) for key, row in rows.items()}

    def write(self, images: Mapping[str, "imports.Image"], *, context: "imports.ImportContext") -> None:
        """Grant, extend, or (to undo that) end rights, through the services that decide on each."""
        rights = _find(images)
        dealers = _dealers(images)
        for text, image in images.items():
            common: dict[str, Any] = {"reason": image["reason"], "by": context.by, "now": context.now}
            ends_on = date.fromisoformat(image["last_day"]) + DAY if image["last_day"] else None
            right = rights.get(text)
            if right is None:
                key = _key(text)
                wish = GrantWish(
                    dealer_id=dealers[key.dealer],
                    brand_code=key.brand,
                    region_code=key.region,
                    kind=AuthorizationKind(key.kind),
                    starts_on=date.fromisoformat(key.first_day),
                    ends_on=ends_on,
                )
                grant_authorization(wish=wish, **common)
            elif ends_on is None or (right.valid.upper is not None and right.valid.upper < ends_on):
                extend_authorization(authorization_id=right.pk, ends_on=ends_on, **common)
            else:
                end_authorization(authorization_id=right.pk, ends_on=ends_on, **common)

    def remove(self, keys: Collection[str], *, context: "imports.ImportContext") -> None:
        """Revoke what a run granted."""
        reason = gettext("The import was undone.")
        for right in _find(keys).values():
            revoke_authorization(authorization_id=right.pk, reason=reason, by=context.by, now=context.now)


class _Check:
    """What the rows of one chunk need to know of each other and of the rights that are there."""

    def __init__(self, rows: Mapping[str, Mapping[str, Any]], *, today: date) -> None:
        self.today = today
        self.dealers = _dealers(rows)
        directory = ports.adapter("dealers.vehicles")
        self.brands = {code: directory.has_brand(code) for code in {_key(key).brand for key in rows}}
        self.spans: dict[tuple[str, str, str, str], list[tuple[date, date | None]]] = {}
        rights = Authorization.objects.filter(dealer__code__in=self.dealers, is_void=False).select_related("dealer")
        for right in rights:
            about = (right.dealer.code, right.brand_code, right.region_code, right.kind)
            self.spans.setdefault(about, []).append((right.valid.lower or date.min, right.valid.upper))

    def merge(
        self, text: str, row: Mapping[str, Any], image: "imports.Image | None"
    ) -> "imports.Image | list[imports.Problem]":
        """The image a row makes, or what forbids it."""
        if image is not None and image["last_day"] == row["last_day"]:
            return image
        key = _key(text)
        first = date.fromisoformat(key.first_day)
        last = date.fromisoformat(row["last_day"]) if row["last_day"] else None
        if problems := [*self._problems(key, first, last, image)]:
            return problems
        about = (key.dealer, key.brand, key.region, key.kind)
        own = [span for span in self.spans.get(about, []) if span[0] != first]
        self.spans[about] = [*own, (first, last + DAY if last else None)]
        return {"last_day": row["last_day"], "reason": row["reason"]}

    def _problems(self, key: _Key, first: date, last: date | None, image: "imports.Image | None") -> Any:
        if key.dealer not in self.dealers:
            yield Problem("dealer", "unknown_dealer", {"value": key.dealer})
        if not self.brands[key.brand]:
            yield Problem("brand", "unknown_brand", {"value": key.brand})
        if key.region not in all_regions():
            yield Problem("region", "unknown_region", {"value": key.region})
        if last is not None and last < self.today:
            yield Problem("last_day", "is_over")
        before = image["last_day"] if image is not None else None
        if image is not None and last is not None and (not before or last.isoformat() < before):
            yield Problem("last_day", "ends_sooner", {"value": before or "…"})
        for starts, ends in self.spans.get((key.dealer, key.brand, key.region, key.kind), []):
            is_itself = image is not None and starts == first
            if not is_itself and (ends is None or first < ends) and (last is None or starts <= last):
                yield Problem("first_day", "overlaps", {"value": starts.isoformat()})


def _find(keys: Collection[str]) -> dict[str, Authorization]:
    """The rights of these keys that were not revoked."""
    wanted = {str(key) for key in keys}
    rights = Authorization.objects.filter(
        dealer__code__in={_key(key).dealer for key in wanted}, revoked_at=None, is_void=False
    )
    found = {}
    for right in rights.select_related("dealer"):
        first = right.valid.lower.isoformat() if right.valid.lower else ""
        key = str(_Key(right.dealer.code, right.brand_code, right.region_code, right.kind, first))
        if key in wanted:
            found[key] = right
    return found


def _dealers(keys: Collection[str]) -> dict[str, int]:
    return dict(Dealer.objects.filter(code__in={_key(key).dealer for key in keys}).values_list("code", "pk"))


def _key(text: str) -> _Key:
    return _Key(*text.split(" "))


def _kind(text: str) -> AuthorizationKind | None:
    if text.upper() in AuthorizationKind.values:
        return AuthorizationKind(text.upper())
    return KINDS.get(text)


def _day(text: str) -> date | None:
    """A day as people write it, or as a spreadsheet stores one."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _last_day(right: Authorization) -> str:
    return (right.valid.upper - DAY).isoformat() if right.valid.upper else ""
