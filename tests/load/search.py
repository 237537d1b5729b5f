"""
Time in the database of searches, lists and suggestions over many products.

    python tests/load/search.py [--products 50000] [--keep] [--explain]

Fills a scratch database of the tests' own server with generated products (words, brands, categories, cars, prices and
stock as a parts shop has them) through the catalog's own services, so that vectors, listings and indexes are what they
are in production. Prints, per kind of question, the median and the 95th percentile of the time in PostgreSQL of all
its statements, beside how many statements and matches there were; with ``--explain`` the plan of the slowest of each
kind.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

from tests.plugins import database, servers

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
BATCH = 1000
ROUNDS = 3
GOAL_MS = 50.0

PLACES = (("前", "Front"), ("后", "Rear"), ("左", "Left"), ("右", "Right"), ("", ""))
NOUNS = (
    ("机油滤清器", "oil filter", "PART-FILTER"), ("空气滤清器", "air filter", "PART-FILTER"),
    ("空调滤芯", "cabin filter", "PART-FILTER"), ("刹车片", "brake pads", "PART-BRAKE"),
    ("刹车盘", "brake disc", "PART-BRAKE"), ("制动卡钳", "brake caliper", "PART-BRAKE"),
    ("雨刮片", "wiper blades", "PART-WIPER"), ("减振器", "damper", "PART-CHASSIS"),
    ("下摆臂", "control arm", "PART-CHASSIS"), ("稳定杆衬套", "stabilizer bush", "PART-CHASSIS"),
    ("大灯总成", "headlamp assembly", "PART-LAMP"), ("尾灯", "tail lamp", "PART-LAMP"),
    ("蓄电池", "battery", "PART-BATTERY"), ("轮毂轴承", "wheel bearing", "PART-CHASSIS"),
    ("火花塞", "spark plug", "PART-FILTER"), ("水泵", "water pump", "PART-FLUID"),
    ("全合成机油", "synthetic oil", "PART-FLUID"), ("防冻液", "coolant", "PART-FLUID"),
    ("后视镜外壳", "mirror cap", "PART-BODY"), ("保险杠格栅", "bumper grille", "PART-BODY"),
    ("全包围脚垫", "floor mats", "ACC-INTERIOR"), ("行车记录仪", "dash camera", "ACC-ELECTRONIC"),
    ("车顶行李箱", "roof box", "ACC-TRAVEL"), ("儿童安全座椅", "child seat", "ACC-CHILD"),
    ("遮阳帘", "sunshade", "ACC-INTERIOR"),
)  # fmt: skip
MAKES = (
    "Brembo", "Bosch", "Mann", "Mahle", "Valeo", "Denso", "Hella", "Sachs", "Bilstein", "Textar", "Zimmermann", "Febi",
    "Lemforder", "Meyle", "Osram", "Varta", "Castrol", "Motul", "Liqui", "Gates", "Dayco", "Skf", "Ngk", "Delphi",
)  # fmt: skip
TRAITS = (
    ("长效", "long-life"), ("静音", "quiet"), ("运动", "sport"), ("原厂同款", "OE match"), ("加强", "heavy-duty"),
    ("低尘", "low-dust"), ("高效", "high-efficiency"), ("经济", "value"), ("", ""),
)  # fmt: skip
CARS = ("望舒", "长庚", "青岚", "远山", "天枢", "云舟", "朔野", "惊鸿", "")


@dataclass
class Timing:
    """Milliseconds in the database of one kind of question."""

    kind: str
    times: list[float] = field(default_factory=list)
    statements: int = 0
    matches: int = 0
    slowest: tuple[float, str] = (0.0, "")


class Watch:
    """Wraps every statement of Django's connection and adds up its time."""

    def __init__(self) -> None:
        self.milliseconds, self.statements, self.slowest = 0.0, 0, (0.0, "", ())

    def __call__(self, execute: Callable, sql: str, params: Sequence, many: bool, context: dict) -> object:
        """Run a statement and take its time."""
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken = (time.perf_counter() - begun) * 1000
            self.milliseconds += taken
            self.statements += 1
            if taken > self.slowest[0]:
                self.slowest = (taken, sql, params)


def fill(products: int) -> None:
    """Write so many generated products over the demo's world."""
    from django.db import connection

    from apps.accounts.api import Organization
    from apps.catalog.api import Fitment, ProductKind, Series, index_products, refresh_shown_offers
    from apps.catalog.models import Brand
    from apps.catalog.services.bulk import OfferRow, ProductRow, upsert_offers, upsert_products
    from apps.kernel.api import Money
    from apps.shop.api import Category

    brands = [
        Brand.objects.get_or_create(code=make.upper(), defaults={"name_zh": make, "name_en": make})[0] for make in MAKES
    ]
    known = {code for code in Category.objects.values_list("code", flat=True) if code}
    leaves = {kind: sorted(code for code in known if code.startswith(f"{kind}-")) for kind in ("PART", "ACC")}
    series = dict(Series.objects.filter(brand__is_own=True).values_list("name_zh", "pk"))
    sellers = list(Organization.objects.filter(kind="SUPPLIER").values_list("code", flat=True))
    draw = random.Random(5)
    for start in range(0, products, BATCH):
        rows, offers, fitting = [], {}, {}
        for number in range(start, min(start + BATCH, products)):
            place, noun, trait, car = (draw.choice(pool) for pool in (PLACES, NOUNS, TRAITS, CARS))
            brand, code = draw.choice(brands), f"GEN-{draw.choice('ABCDEFGH')}{number:06d}"
            size = draw.choice(
                ("", f"{draw.randrange(10, 60)}W-{draw.randrange(20, 60)}", f"R{draw.randrange(15, 22)}")
            )
            title = f"{brand.name_en} {car}{trait[0]}{place[0]}{noun[0]} {size} {number % 997:03d}".replace("  ", " ")
            is_part = noun[2].startswith("PART")
            category = noun[2] if noun[2] in known else draw.choice(leaves["PART" if is_part else "ACC"])
            rows.append(
                ProductRow(
                    code=code,
                    kind=ProductKind.PART if is_part else ProductKind.ACCESSORY,
                    title_zh=title,
                    title_en=" ".join(filter(None, [brand.name_en, trait[1], place[1], noun[1], size])),
                    summary_zh=f"适用于{car or '所有'}车型，{trait[0] or '标准'}款{noun[0]}，随车保养时更换。",
                    summary_en=f"A {trait[1] or 'standard'} {noun[1]}; change it with the regular service.",
                    brand_id=brand.pk,
                    image_key="parts/oil-filter",
                    popularity=int(draw.paretovariate(1.1)),
                    categories=[category],
                )
            )
            offers[code] = (draw.choice(sellers), Decimal(draw.randrange(900, 250_000)) / 100)
            if car and is_part:
                fitting[code] = series[car]
        ids = upsert_products(rows, now=NOW)
        Fitment.objects.bulk_create([Fitment(product_id=ids[code], series_id=pk) for code, pk in fitting.items()])
        upsert_offers(
            [
                OfferRow(
                    sku=code,
                    product_id=ids[code],
                    organization=seller,
                    price=Money.of(f"{price:.2f}"),
                    list_price=None,
                    lead_time_days=2,
                    site="WH-CHENXI",
                )
                for code, (seller, price) in offers.items()
            ],
            now=NOW,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE partner_stockrecord SET num_in_stock = mod(product_id, 7) WHERE product_id = ANY(%s)",
                [list(ids.values())],
            )
        index_products(list(ids.values()))
        refresh_shown_offers(ids.values())
        print(f"\r{min(start + BATCH, products):,} products", end="", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(file=sys.stderr)


def questions() -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield kinds of questions with something that asks one and returns the number of matches."""
    yield from questions_in_words()
    yield from questions_of_lists()


def asked(**query: object) -> Callable[[], int]:
    """A search; its answer is the number of matches."""
    from apps.catalog.api import ProductQuery, search_products

    return lambda: search_products(ProductQuery(**query, page_size=24)).count


def typed(text: str) -> Callable[[], int]:
    """Somebody who has typed so far."""
    from apps.catalog.api import suggest

    return lambda: len(suggest(text).products)


def own_cars() -> list[int]:
    """Our own cars by the id of their product."""
    from apps.catalog.api import Trim

    return list(Trim.objects.filter(model__series__brand__is_own=True).values_list("product_id", flat=True)[:8])


def questions_in_words() -> Iterator[tuple[str, Callable[[], int]]]:
    """Searches and suggestions."""
    draw, car = random.Random(7), own_cars()[0]
    for noun, english, _ in NOUNS:
        yield "Chinese word", asked(q=noun)
        yield "Chinese, two words", asked(q=f"{draw.choice(CARS[:-1])} {noun}")
        yield "mixed", asked(q=f"{draw.choice(MAKES)} {noun[:2]}")
        yield "Chinese word, by price", asked(q=noun, ordering="price")
        yield (
            "Chinese word, all filters",
            asked(q=noun, kind="part,accessory", brand="BREMBO,BOSCH", in_stock=True, price_min=Decimal(20), fits=car),
        )
        yield "English", asked(q=english)
    for text in ("jiyoulvqingqi", "shachepian", "yugua", "jianzhenqi", "dadeng", "xudianchi", "huohuasai", "jiaodian"):
        yield "pinyin", asked(q=text)
    for text in ("jylqq", "scp", "ktlx", "ygp", "jzq", "xbb", "hhs", "xcjly", "xc", "ws"):
        yield "initials", asked(q=text)
    for number in range(20):
        yield "part number", asked(q=f"GEN-{draw.choice('ABCDEFGH')}{draw.randrange(50_000):06d}")
        yield "nothing found", asked(q=f"qqzz{number}")
    for letter in "abcdjxsw":
        yield "one letter", asked(q=letter)
    for text in ("刹", "刹车", "jy", "jyl", "shac", "brem", "oil f", "机油滤请器", "breambo", "xc", "GEN-A", "望舒 刹"):
        yield "suggestions", typed(text)


def questions_of_lists() -> Iterator[tuple[str, Callable[[], int]]]:
    """Lists without words."""
    for ordering in ("popular", "price", "-price", "newest"):
        yield "list of parts", asked(kind="part", ordering=ordering)
        yield "list, page 100", asked(kind="part", ordering=ordering, page=100)
    for code in ("PART-FILTER", "PART-BRAKE", "PART-CHASSIS", "PART-LAMP"):
        of_category = {"kind": "part", "category": code, "ordering": "popular"}
        yield "list of a category", asked(**of_category)
        yield "list of a category, brand, stock", asked(**of_category, brand="BOSCH", in_stock=True)
    for car in own_cars():
        yield "list, fits my car", asked(kind="part", fits=car, ordering="popular")


def measure() -> list[Timing]:
    """Ask everything, a few times over; the first time warms up."""
    from django.db import connection

    timings: dict[str, Timing] = {}
    for repeat in range(ROUNDS + 1):
        for kind, ask in questions():
            watch = Watch()
            with connection.execute_wrapper(watch):
                matches = ask()
            if repeat == 0:
                continue
            timing = timings.setdefault(kind, Timing(kind))
            timing.times.append(watch.milliseconds)
            timing.statements = max(timing.statements, watch.statements)
            timing.matches = max(timing.matches, matches)
            if watch.milliseconds > timing.slowest[0]:
                timing.slowest = (watch.milliseconds, explain_text(watch.slowest))
    return list(timings.values())


def control() -> float:
    """Milliseconds for work that is always the same: how busy the machine is, beside a run on an idle one."""
    from django.db import connection

    watch = Watch()
    with connection.execute_wrapper(watch), connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute("SELECT count(*) FROM generate_series(1, 200000)")
    return watch.milliseconds / 5


def explain_text(statement: tuple[float, str, Sequence]) -> str:
    """The statement with its values in it."""
    from django.db import connection

    _, sql, params = statement
    with connection.cursor() as cursor:
        return cursor.cursor.mogrify(sql, params).decode()


def explain(timing: Timing) -> str:
    """The plan of the slowest statement of a kind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {timing.slowest[1]}")
        return "\n".join(row[0] for row in cursor.fetchall())


@contextmanager
def scratch(products: int, keep: bool) -> Iterator[None]:
    """A database with so many products, made if there is none; dropped afterwards unless it is to be kept."""
    from tests.plugins.live_suite import seeded_template

    with servers.running_postgres():
        template = seeded_template(database.migrated_template())
        name = f"s2b2c_load_search_{products}"
        is_new = name not in database.databases(name)  # a half-filled one is not kept
        if is_new:
            database.clone(template, name)
        database.use(name)
        try:
            if is_new:
                keep, wanted = False, keep
                fill(products)
                keep = wanted
            yield
        finally:
            database.use("postgres")
            if not keep:
                database.drop(name)


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--explain", action="store_true", help="print the plan of the slowest statement of each kind")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings.test")
    django.setup()
    with scratch(options.products, options.keep):
        before = control()
        timings = measure()
        print(f"{options.products:,} products; milliseconds in PostgreSQL, {ROUNDS} rounds")
        print(f"the control took {before:.0f} ms before and {control():.0f} ms after: more of them, a busier machine")
        print(f"{'question':36} {'p50':>7} {'p95':>7} {'statements':>11} {'matches':>9}")
        for timing in timings:
            p95 = statistics.quantiles(timing.times, n=20)[-1]
            mark = "" if p95 <= GOAL_MS else f"  over {GOAL_MS:.0f} ms"
            print(
                f"{timing.kind:36} {statistics.median(timing.times):7.1f} {p95:7.1f} {timing.statements:11} "
                f"{timing.matches:9,}{mark}"
            )
        if options.explain:
            for timing in timings:
                print(f"\n--- {timing.kind}: the slowest statement\n{explain(timing)}")


if __name__ == "__main__":
    main()
