"""What to offer somebody who is typing, and what somebody meant who found nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from apps.catalog.policies.spelling import Word, correct
from apps.catalog.policies.text import is_chinese, pinyin_of, runs_of, search_query
from apps.catalog.selectors import search_sql
from apps.catalog.selectors.names import Names, current_names
from apps.catalog.selectors.products import ProductCard
from apps.catalog.selectors.search import card_of
from apps.catalog.selectors.vocabulary import Vocabulary, current_vocabulary
from apps.kernel.api import is_english

QUERIES, CATEGORIES, SERIES, PRODUCTS = 5, 3, 3, 4
# One letter begins too much to name products by.
SHORTEST_FOR_PRODUCTS = 2


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Something to search for or to go to: a query's text, the code of a category, the slug of a series."""

    value: str
    title: str
    count: int | None = None
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """All that fits what was typed, by group; ``meant`` is what was probably meant, where nothing fits."""

    queries: Sequence[Suggestion] = ()
    categories: Sequence[Suggestion] = ()
    series: Sequence[Suggestion] = ()
    products: Sequence[ProductCard] = ()
    meant: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.queries or self.categories or self.series or self.products)


def suggest(typed: str) -> Suggestions:
    """Suggest queries, categories, series and products for what somebody has typed so far, in the reader's language."""
    runs = list(runs_of(typed))
    if not runs:
        return Suggestions()
    vocabulary = current_vocabulary()
    found = _suggest(typed, "".join(runs), vocabulary)
    if found:
        return found
    meant = _mend(typed, vocabulary)
    if not meant:
        return Suggestions()
    mended = _suggest(meant, "".join(runs_of(meant)), vocabulary)
    return Suggestions(
        queries=mended.queries,
        categories=mended.categories,
        series=mended.series,
        products=mended.products,
        meant=meant,
    )


def guess_meant(typed: str) -> str:
    """What somebody probably meant whose search found nothing: something that finds products; "" if nothing does."""
    return _mend(typed, current_vocabulary())


def _mend(typed: str, vocabulary: Vocabulary) -> str:
    for words in vocabulary.everything if not any(map(is_chinese, runs_of(typed))) else (vocabulary.chinese,):
        meant = correct(typed, words)
        if meant and search_sql.which_find([search_query(meant)]):
            return meant
    return ""


def _suggest(typed: str, key: str, vocabulary: Vocabulary) -> Suggestions:
    names = current_names()
    return Suggestions(
        queries=_queries(typed, key, vocabulary),
        categories=_categories(key, names, vocabulary),
        series=_series(key, names),
        products=_products(typed, names) if len(key) >= SHORTEST_FOR_PRODUCTS or is_chinese(key) else (),
    )


def _queries(typed: str, key: str, vocabulary: Vocabulary) -> list[Suggestion]:
    words = vocabulary.latin if is_english() else vocabulary.chinese
    *before, last = runs_of(typed)
    # Syllables may stand apart, English words do. Of several words the last one is not finished yet.
    begun = [] if before and is_english() else words.beginning_with(key, limit=QUERIES)
    if begun or not before:
        return [_query(word) for word in begun]
    lead = " ".join(before)
    ends = [word.text for word in words.beginning_with(last, limit=QUERIES) if word.text not in before]
    finished = {f"{lead} {end}": search_query(f"{lead} {end}") for end in ends}
    found = search_sql.which_find(finished.values())
    return [Suggestion(value=text, title=text) for text, question in finished.items() if question in found]


def _query(word: Word) -> Suggestion:
    return Suggestion(value=word.text, title=word.text, count=word.count)


def _is_meant(key: str, *names: str) -> bool:
    """Whether any name, its pinyin or its initials have what was typed: Chinese anywhere, letters at the start."""
    for name in names:
        plain = name.lower().replace(" ", "")
        if key in plain if is_chinese(key) else plain.startswith(key):
            return True
        if not key.isascii():
            continue
        if any(spelling.startswith(key) for spelling in chain(pinyin_of(name), name.lower().split())):
            return True
    return False


def _categories(key: str, names: Names, vocabulary: Vocabulary) -> list[Suggestion]:
    found = [
        Suggestion(
            value=category.code, title=category.name, count=vocabulary.categories.get(category.id), kind=category.kind
        )
        for category in names.categories
        if vocabulary.categories.get(category.id) and _is_meant(key, category.name_zh, category.name_en)
    ]
    return sorted(found, key=lambda row: -(row.count or 0))[:CATEGORIES]


def _series(key: str, names: Names) -> list[Suggestion]:
    cars = {car.series_id: car for car in names.cars if car.is_ours}
    maker = next((brand.name_zh for brand in names.brands if brand.is_own), "")
    meant = [car for car in cars.values() if _is_meant(key, car.series_zh, car.series_en, f"{maker}{car.series_zh}")]
    return [Suggestion(value=car.series_slug, title=car.series) for car in meant[:SERIES]]


def _products(typed: str, names: Names) -> list[ProductCard]:
    words = search_query(typed)
    if not words:
        return []
    # What has the words in its title, and of that what most people buy: ranking finer than that costs too much here.
    plan = search_sql.Plan(words=words, typed=typed)
    rows = search_sql.read(plan, ordering=None, total=search_sql.MAX_RANKED + 1, limit=PRODUCTS, offset=0)
    return [card_of(row, names) for row in rows]
