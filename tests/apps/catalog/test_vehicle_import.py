"""Importing cars of other makes."""

import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.api import Brand, Offer, ProductInfo, Series, Trim, VehicleModel, import_vehicles, read_lines
from apps.shop.api import Product
from tests.factories.catalog import make_brand

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "vehicles_sample.jsonl"
BAD = DATA / "vehicles_bad.jsonl"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def counts(summary) -> tuple[int, int, int, int]:
    return summary.created, summary.updated, summary.unchanged, summary.failed


def changed(line: bytes, **values) -> bytes:
    return json.dumps(json.loads(line) | values).encode()


def test_writes_brand_series_model_trim_and_an_unpublished_product(now):
    summary = import_vehicles(lines_of(SAMPLE), now=now)

    assert counts(summary) == (12, 0, 0, 0)
    trim = Trim.objects.select_related("model__series__brand", "product__info").get(
        source_code="oed:audi:a6_e_tron:2024:base:sportback"
    )
    assert trim.model.series.brand.name_en == "Audi"
    assert (trim.model.series.code, trim.model.series.body_type) == ("a6_e_tron", "sedan")
    assert (trim.model.model_year, trim.model.powertrain) == (2024, "bev")
    assert trim.name == "Base Sportback"
    assert trim.specs == {
        "battery_kwh": 94.9,
        "battery_chemistry": "li-ion",
        "system_kw": 350,
        "torque_nm": 550,
        "drive": "rwd",
        "accel_0_100_s": 4.5,
        "top_speed_kmh": 209,
        "dc_peak_kw": 270,
        "ac_kw": 11.0,
        "length_mm": 4960,
        "width_mm": 1960,
        "height_mm": 1440,
        "wheelbase_mm": 2960,
        "drag_cd": 0.22,
        "curb_weight_kg": 2200,
        "doors": 4,
        "seats": 5,
        "range_wltp_km": 700,
    }
    assert trim.product.info.kind == "vehicle"
    assert trim.product.title == "Audi A6 e-tron Base Sportback 2024"
    assert not Product.objects.filter(is_public=True).exists()
    assert not Series.objects.filter(is_public=True).exists()
    assert not Offer.objects.exists()


def test_trims_of_one_year_share_their_model(now):
    import_vehicles(lines_of(SAMPLE), now=now)

    models = VehicleModel.objects.filter(series__code="a6_e_tron")
    assert {model.model_year: model.trims.count() for model in models} == {2024: 2, 2025: 1}


def test_a_second_run_changes_nothing(now):
    import_vehicles(lines_of(SAMPLE), now=now)
    before = list(Product.objects.order_by("pk").values_list("pk", "title", "slug", "date_updated"))

    again = import_vehicles(lines_of(SAMPLE), now=now + timedelta(days=1))

    assert counts(again) == (0, 0, 12, 0)
    assert list(Product.objects.order_by("pk").values_list("pk", "title", "slug", "date_updated")) == before


def test_a_changed_record_updates_its_car_and_keeps_what_headquarters_decided(now):
    lines = lines_of(SAMPLE)
    import_vehicles(lines, now=now)
    code = json.loads(lines[3])["unique_code"]
    Product.objects.filter(upc=code).update(is_public=True)
    power = {**json.loads(lines[3])["powertrain"], "system_power_kw": 251}

    summary = import_vehicles([changed(lines[3], powertrain=power), *lines[4:6]], now=now)

    assert counts(summary) == (0, 1, 2, 0)
    trim = Trim.objects.select_related("product").get(source_code=code)
    assert trim.specs["system_kw"] == 251
    assert trim.product.is_public


def test_bad_rows_are_listed_by_line_with_named_reasons_and_the_good_ones_stay(now):
    summary = import_vehicles(read_lines(BytesIO(BAD.read_bytes())), now=now)

    assert counts(summary) == (2, 0, 0, 16)
    assert Trim.objects.count() == ProductInfo.objects.count() == Product.objects.count() == 2
    assert [(error.line, error.problem.code, error.problem.path) for error in summary.errors] == [
        (2, "malformed_json", ""),
        (4, "wrong_type", ""),
        (5, "missing_key", "make.name"),
        (5, "missing_key", "make.slug"),
        (6, "missing_key", "range.rated"),
        (7, "wrong_type", "year"),
        (8, "wrong_type", "year"),
        (9, "wrong_type", "powertrain.system_power_kw"),
        (10, "out_of_range", "dimensions.length_mm"),
        (11, "unknown_value", "vehicle_type"),
        (12, "bad_character", "make.slug"),
        (13, "too_long", "model.name"),
        (14, "bad_character", "trim.name"),
        (15, "missing_key", "unique_code"),
        (16, "duplicate_code", "unique_code"),
        (17, "wrong_type", "make.name"),
        (17, "missing_key", "year"),
        (19, "not_utf8", ""),
    ]
    assert "line 1" in summary.errors[-4].problem.text


def test_a_row_the_database_refuses_takes_no_other_with_it_and_leaves_no_half(now):
    lines = lines_of(SAMPLE)[:4]
    # Same model, same trim code, but another unique code: only the database can know.
    twin = changed(lines[0], unique_code="oed:audi:twin")

    summary = import_vehicles([*lines, twin], now=now)

    assert counts(summary) == (4, 0, 0, 1)
    assert (summary.errors[0].line, summary.errors[0].problem.code) == (5, "not_storable")
    assert "catalog_one_trim_per_code" in summary.errors[0].problem.text
    assert Product.objects.count() == ProductInfo.objects.count() == Trim.objects.count() == 4


def test_a_record_cannot_pass_for_our_own_brand(now):
    own = make_brand(code="XINGCHI")
    line = changed(lines_of(SAMPLE)[0], make={"slug": "XINGCHI", "name": "Xingchi?"})

    import_vehicles([line], now=now)

    own.refresh_from_db()
    assert (own.name_en, own.series.count()) == ("Xingchi", 0)
    assert Brand.objects.get(code="xingchi").is_own is False


def test_a_line_without_end_is_refused_not_read(now):
    endless = BytesIO(b'{"unique_code": "' + b"x" * 3_000_000 + b'"}\n' + lines_of(SAMPLE)[0])

    summary = import_vehicles(read_lines(endless), now=now)

    assert counts(summary) == (1, 0, 0, 1)
    assert (summary.errors[0].line, summary.errors[0].problem.code) == (1, "too_long")


def test_a_dry_run_tells_the_same_and_keeps_nothing(now):
    dry = import_vehicles(lines_of(BAD), now=now, dry_run=True)

    assert not Product.objects.exists()
    assert not Brand.objects.exists()
    wet = import_vehicles(lines_of(BAD), now=now)
    assert (counts(dry), dry.errors) == (counts(wet), wet.errors)


def test_the_command_prints_errors_by_line_and_a_summary():
    out, err = StringIO(), StringIO()

    call_command("import_vehicles", str(BAD), stdout=out, stderr=err)

    assert out.getvalue() == "18 lines: 2 created, 0 updated, 0 unchanged, 16 failed.\n"
    assert "line 7 (bad:year-text): wrong_type: year must be a whole number." in err.getvalue()


def test_the_command_can_be_strict():
    with pytest.raises(CommandError, match="16 lines failed"):
        call_command("import_vehicles", str(BAD), "--strict", "--dry-run", stdout=StringIO(), stderr=StringIO())
    assert not Product.objects.exists()


def test_the_command_names_a_file_that_is_not_there():
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_vehicles", "/nowhere/vehicles.jsonl")
