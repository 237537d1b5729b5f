"""Importing cars of other makes from the OpenEV data set, line by line: a bad line loses nothing but itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from django.db import DatabaseError, connection, transaction

from apps.catalog.models import Brand, Series, Trim, VehicleModel
from apps.catalog.policies.openev import Problem, VehicleRecord, read_line, read_record
from apps.catalog.services.bulk import ProductRow, upsert_products
from apps.catalog.services.projections import index_products
from apps.catalog.states import Powertrain, ProductKind

BATCH = 200
MAX_LINE_BYTES = 1_000_000
# Any constant: two imports at once take turns, batch by batch.
IMPORT_LOCK = 0x0CA7A106


@dataclass(frozen=True, slots=True)
class LineError:
    """A problem of one line, counted from 1."""

    line: int
    source_code: str
    problem: Problem


@dataclass(slots=True)
class ImportSummary:
    """How many lines did what, and every problem there was. ``failed`` counts lines, not problems."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    errors: list[LineError] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All lines that held something."""
        return self.created + self.updated + self.unchanged + self.failed


@dataclass(frozen=True, slots=True)
class _Row:
    """A good record and the line it came from."""

    line: int
    record: VehicleRecord


def import_vehicles(lines: Iterable[bytes], *, now: datetime, dry_run: bool = False) -> ImportSummary:
    """
    Write one unpublished car, without an offer, for every good line of a JSON Lines file.

    Known cars (by ``unique_code``) are updated if their record changed since; what headquarters edited stays otherwise.
    Lines are written in batches of their own transaction; a batch the database refuses is halved until the rows it is
    about stand alone.
    ``dry_run`` does all of it, tells the same, and keeps nothing.
    """
    summary = ImportSummary()
    if dry_run:
        with transaction.atomic():
            _import(lines, summary, now=now)
            transaction.set_rollback(True)
    else:
        _import(lines, summary, now=now)
    summary.errors.sort(key=lambda error: error.line)
    return summary


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines of a file, of which none is longer than a little over ``MAX_LINE_BYTES``, whatever the file holds."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def _import(lines: Iterable[bytes], summary: ImportSummary, *, now: datetime) -> None:
    rows = _good_rows(lines, summary)
    while batch := list(islice(rows, BATCH)):
        _write_batch(batch, summary, now=now)


def _good_rows(lines: Iterable[bytes], summary: ImportSummary) -> Iterator[_Row]:
    """Yield what can be written; note the problems of what cannot."""
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        record, source_code, problems = _read(line)
        if record is not None and (first := seen.setdefault(record.source_code, number)) != number:
            text = f"unique_code stands on line {first} already."
            record, problems = None, [Problem("duplicate_code", "unique_code", text)]
        if record is None:
            _fail(summary, number, source_code, problems)
        else:
            yield _Row(number, record)


def _read(line: bytes) -> tuple[VehicleRecord | None, str, list[Problem]]:
    if len(line) > MAX_LINE_BYTES:
        return None, "", [Problem("too_long", "", f"The line is longer than {MAX_LINE_BYTES} bytes.")]
    value, problem = read_line(line)
    if problem is not None:
        return None, "", [problem]
    record, problems = read_record(value)
    code = value.get("unique_code") if isinstance(value, dict) else ""
    return record, code if isinstance(code, str) else "", problems


def _fail(summary: ImportSummary, line: int, source_code: str, problems: Iterable[Problem]) -> None:
    summary.failed += 1
    summary.errors += [LineError(line, source_code, problem) for problem in problems]


def _write_batch(batch: Sequence[_Row], summary: ImportSummary, *, now: datetime) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        digests = dict(
            Trim.objects.filter(source_code__in=[row.record.source_code for row in batch]).values_list(
                "source_code", "source_digest"
            )
        )
        changed = [row for row in batch if digests.get(row.record.source_code) != row.record.digest]
        written = _write_or_halve(changed, summary, now=now)
    known = sum(1 for row in written if row.record.source_code in digests)
    summary.unchanged += len(batch) - len(changed)
    summary.updated += known
    summary.created += len(written) - known


def _write_or_halve(rows: Sequence[_Row], summary: ImportSummary, *, now: datetime) -> list[_Row]:
    """Write rows in one savepoint; where the database refuses, halve until it is known which row it is about."""
    try:
        with transaction.atomic():
            _write([row.record for row in rows], now=now)
    except DatabaseError as error:
        if len(rows) > 1:
            middle = len(rows) // 2
            halves = (rows[:middle], rows[middle:])
            return [row for half in halves for row in _write_or_halve(half, summary, now=now)]
        # The first line names the constraint; what follows quotes values.
        reason = str(error).partition("\n")[0]
        problem = Problem("not_storable", "", f"The database refuses: {reason}")
        _fail(summary, rows[0].line, rows[0].record.source_code, [problem])
        return []
    return list(rows)


def _write(records: Sequence[VehicleRecord], *, now: datetime) -> None:
    if not records:
        return
    models = _models(records, _series(records, _brands(records)))
    brands = dict(Brand.objects.filter(code__in={record.make_code for record in records}).values_list("code", "pk"))
    products = upsert_products(
        [
            ProductRow(
                code=record.source_code,
                kind=ProductKind.VEHICLE,
                title_zh=record.title,
                title_en=record.title,
                brand_id=brands[record.make_code],
                is_public=False,
            )
            for record in records
        ],
        now=now,
    )
    Trim.objects.bulk_create(
        [
            Trim(
                model=models[record.make_code, record.series_code, record.model_year],
                product_id=products[record.source_code],
                code=record.trim_code,
                name_zh=record.trim_name,
                name_en=record.trim_name,
                source_code=record.source_code,
                source_digest=record.digest,
                specs=record.specs,
            )
            for record in records
        ],
        update_conflicts=True,
        unique_fields=["source_code"],
        update_fields=["model", "code", "name_zh", "name_en", "specs", "source_digest"],
    )
    index_products(list(products.values()))


def _brands(records: Sequence[VehicleRecord]) -> dict[str, Brand]:
    names = {record.make_code: record.make_name for record in records}
    Brand.objects.bulk_create(
        [Brand(code=code, name_zh=name, name_en=name) for code, name in names.items()], ignore_conflicts=True
    )
    return {brand.code: brand for brand in Brand.objects.filter(code__in=names)}


def _series(records: Sequence[VehicleRecord], brands: Mapping[str, Brand]) -> dict[tuple[str, str], Series]:
    firsts = {(record.make_code, record.series_code): record for record in reversed(records)}
    Series.objects.bulk_create(
        [
            Series(
                brand=brands[make],
                code=code,
                slug=f"{make}-{code}",
                name_zh=record.series_name,
                name_en=record.series_name,
                body_type=record.body_type,
                is_public=False,
            )
            for (make, code), record in firsts.items()
        ],
        update_conflicts=True,
        unique_fields=["brand", "code"],
        update_fields=["code"],
    )
    rows = Series.objects.filter(brand__in=brands.values(), code__in={code for _, code in firsts})
    return {(row.brand.code, row.code): row for row in rows.select_related("brand")}


def _models(
    records: Sequence[VehicleRecord], series: Mapping[tuple[str, str], Series]
) -> dict[tuple[str, str, int], VehicleModel]:
    wanted = {(record.make_code, record.series_code, record.model_year): record for record in reversed(records)}
    VehicleModel.objects.bulk_create(
        [
            VehicleModel(
                series=series[make, code],
                code=f"{code}-{year}",
                name_zh=f"{record.series_name} {year}",
                name_en=f"{record.series_name} {year}",
                model_year=year,
                powertrain=Powertrain.BEV,
            )
            for (make, code, year), record in wanted.items()
        ],
        ignore_conflicts=True,
    )
    rows = VehicleModel.objects.filter(series__in=series.values()).select_related("series__brand")
    return {(row.series.brand.code, row.series.code, row.model_year): row for row in rows}
