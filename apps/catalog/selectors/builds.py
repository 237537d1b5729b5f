"""What each trim can be built from, loaded in two queries, and configurations evaluated on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.catalog.errors import ImpossibleConfiguration, NotForSale, ProductNotFound, UnknownConfiguration
from apps.catalog.models import Configuration, OptionRule, Trim, TrimOption
from apps.catalog.policies.configurator import Choice, Conflict, ConflictKind, Evaluation, Rule, evaluate
from apps.catalog.policies.prices import NATIONAL, PriceContext
from apps.catalog.selectors.offers import priced_offers, rank_offers
from apps.catalog.states import ProductKind, RuleKind, Selection
from apps.kernel.api import Money, in_language

BASE_CODE = "base"


@dataclass(frozen=True, slots=True)
class Build:
    """The options of one trim, in the order in which they are shown, and the rules that hold on it."""

    trim: Trim
    options: tuple[TrimOption, ...]
    rules: tuple[Rule, ...]

    def evaluate(self, *, base: Money, chosen: Iterable[str]) -> Evaluation:
        """Complete and price a choice at a base price."""
        choices = [
            Choice(
                code=row.option.code,
                group=row.option.group.code,
                delta=Money(row.price_delta, base.currency),
                is_default=row.is_default,
                is_single=row.option.group.selection == Selection.ONE,
            )
            for row in self.options
        ]
        return evaluate(base=base, choices=choices, rules=self.rules, chosen=chosen)

    def names(self) -> dict[str, str]:
        """Names of options and groups by code, in the reader's language."""
        names = {row.option.group.code: row.option.group.name for row in self.options}
        return names | {row.option.code: row.option.name for row in self.options}

    def breakdown(self, evaluation: Evaluation) -> list[dict[str, str]]:
        """The price line by line, in both languages, as it is stored: the trim first, then its options."""
        by_code = {row.option.code: row.option for row in self.options}
        product = self.trim.product
        lines = [
            {
                "code": BASE_CODE,
                "group": "",
                "name_zh": product.title,
                "name_en": product.info.title_en,
                "amount": str(evaluation.base.amount),
                "currency": evaluation.base.currency,
                "included_by": "",
            }
        ]
        for priced in evaluation.options:
            option = by_code[priced.code]
            lines.append(
                {
                    "code": priced.code,
                    "group": option.group.code,
                    "name_zh": option.name_zh,
                    "name_en": option.name_en,
                    "amount": str(priced.amount.amount),
                    "currency": priced.amount.currency,
                    "included_by": priced.included_by,
                }
            )
        return lines

    def summary(self, evaluation: Evaluation) -> list[dict[str, object]]:
        """The options of a car in words, for cart lines and orders."""
        by_code = {row.option.code: row.option for row in self.options}
        return [
            {
                "group_zh": by_code[priced.code].group.name_zh,
                "group_en": by_code[priced.code].group.name_en,
                "name_zh": by_code[priced.code].name_zh,
                "name_en": by_code[priced.code].name_en,
                "price": priced.amount,
            }
            for priced in evaluation.options
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictView:
    """A conflict in the reader's words."""

    kind: str
    option: str
    other: str
    reason: str

    def as_json(self) -> dict[str, str]:
        """Return the shape of ``context["rule"]``."""
        return {"kind": self.kind, "option": self.option, "other": self.other, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationView:
    """A choice, completed, priced and checked; not stored."""

    product_id: int
    selected: tuple[str, ...]
    price: Money
    breakdown: list[dict[str, str]]
    conflicts: tuple[ConflictView, ...]

    @property
    def valid(self) -> bool:
        """Whether the car can be built."""
        return not self.conflicts


def load_builds(trims: Sequence[Trim]) -> dict[int, Build]:
    """What each trim can be built from, by trim id; two queries for any number of trims."""
    if not trims:
        return {}
    options: dict[int, list[TrimOption]] = defaultdict(list)
    rows = TrimOption.objects.filter(trim__in=trims).select_related("option__group")
    for row in rows.order_by("option__group__position", "option__group", "option__position", "option"):
        options[row.trim_id].append(row)
    of_models = Q(trim=None) & (Q(model=None) | Q(model__in={trim.model_id for trim in trims}))
    rules = list(
        OptionRule.objects.filter(of_models | Q(trim__in=trims)).select_related("option", "other").order_by("id")
    )
    builds = {}
    for trim in trims:
        own = [rule for rule in rules if rule.model_id in (None, trim.model_id) and rule.trim_id in (None, trim.pk)]
        builds[trim.pk] = Build(
            trim=trim,
            options=tuple(options[trim.pk]),
            rules=tuple(
                Rule(RuleKind(rule.kind), rule.option.code, rule.other.code, rule.reason_zh, rule.reason_en)
                for rule in own
            ),
        )
    return builds


def conflict_views(build: Build, evaluation: Evaluation) -> tuple[ConflictView, ...]:
    """The conflicts of an evaluation in the reader's words."""
    names = build.names()
    return tuple(
        ConflictView(
            kind=conflict.kind.value, option=conflict.option, other=conflict.other, reason=_reason(conflict, names)
        )
        for conflict in evaluation.conflicts
    )


def refuse_impossible(build: Build, evaluation: Evaluation) -> None:
    """
    Let only what can be built pass.

    :raises ImpossibleConfiguration: naming the first rule that is broken, and all conflicts
    """
    if evaluation.valid:
        return
    views = conflict_views(build, evaluation)
    raise ImpossibleConfiguration(
        reason=views[0].reason,
        rule=views[0].as_json(),
        conflicts=[view.as_json() for view in views],
        product_id=build.trim.product_id,
    )


def get_build(product_id: int) -> Build:
    """
    What a public trim can be built from.

    :raises ProductNotFound: if there is no such public product
    :raises ImpossibleConfiguration: if it is no car
    """
    trims = Trim.objects.select_related("product__info", "model__series").filter(product__is_public=True)
    trim = trims.filter(product_id=product_id).first() if 0 < product_id < 2**63 else None
    if trim is None:
        raise ProductNotFound(product_id=product_id)
    return load_builds([trim])[trim.pk]


def base_price(build: Build, *, at: datetime | None = None, context: PriceContext = NATIONAL) -> Money:
    """
    The price of a trim before options: that of the offer shown, for whoever ``context`` says.

    :raises NotForSale: if nobody offers it
    """
    offers = priced_offers([build.trim.product_id], at=at, context=context).get(build.trim.product_id, [])
    chosen, _verdicts = rank_offers(offers, kind=ProductKind.VEHICLE)
    if chosen is None:
        raise NotForSale(title=build.trim.product.info.title, product_id=build.trim.product_id)
    return chosen.price


def evaluate_configuration(
    product_id: int,
    option_codes: Iterable[str],
    *,
    at: datetime | None = None,
    context: PriceContext = NATIONAL,
) -> ConfigurationView:
    """
    Complete, price and check a choice without storing it; conflicts are listed, not raised.

    :raises ProductNotFound: if there is no such public car
    :raises NotForSale: if nobody offers it
    """
    build = get_build(product_id)
    evaluation = build.evaluate(base=base_price(build, at=at, context=context), chosen=option_codes)
    return ConfigurationView(
        product_id=product_id,
        selected=evaluation.codes,
        price=evaluation.price,
        breakdown=build.breakdown(evaluation),
        conflicts=conflict_views(build, evaluation),
    )


def get_configuration(configuration_id: UUID | str) -> Configuration:
    """
    A stored configuration.

    :raises UnknownConfiguration: if there is none
    """
    key = as_uuid(configuration_id)
    found = Configuration.objects.select_related("product__info").filter(pk=key).first() if key else None
    if found is None:
        raise UnknownConfiguration(configuration_id=str(configuration_id))
    return found


def as_uuid(value: UUID | str) -> UUID | None:
    """A UUID however it was written, None if it is none."""
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _reason(conflict: Conflict, names: dict[str, str]) -> str:
    told = in_language(conflict.reason_zh, conflict.reason_en)
    if told:
        return told
    words = {
        "option": names.get(conflict.option, conflict.option),
        "other": names.get(conflict.other, conflict.other),
    }
    return _sentence(conflict.kind) % words


def _sentence(kind: ConflictKind) -> str:
    return {
        ConflictKind.REQUIRES: _("%(option)s needs %(other)s."),
        ConflictKind.EXCLUDES: _("%(option)s cannot be combined with %(other)s."),
        ConflictKind.INCLUDES: _("%(option)s comes with another choice than %(other)s."),
        ConflictKind.ONE_PER_GROUP: _("Choose either %(option)s or %(other)s."),
        ConflictKind.CHOICE_REQUIRED: _("Please choose: %(option)s."),
        ConflictKind.UNKNOWN_OPTION: _("This car is not offered with %(option)s."),
    }[kind]
