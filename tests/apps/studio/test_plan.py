"""What the studio is asked to photograph follows from the catalog's reference data."""

import json

from apps.studio import plan


def test_every_series_paint_and_wheel_of_the_catalog_is_planned():
    reference = json.loads(plan.REFERENCE.read_text(encoding="utf-8"))
    model_of = {row["code"]: row["series"] for row in reference["models"]}
    offered = {
        (model_of[trim["model"]].lower(), code.lower()) for trim in reference["trims"] for code in trim["options"]
    }

    planned = {
        (series.code, code) for series in plan.all_series().values() for code in (*series.paints, *series.wheels)
    }

    assert planned == {(series, code) for series, code in offered if code.startswith(("paint-", "wheel-"))}


def test_every_planned_paint_has_a_swatch():
    assert {paint for series in plan.all_series().values() for paint in series.paints} <= set(plan.swatches())


def test_a_still_is_named_by_view_and_option_codes():
    wangshu = plan.all_series()["wangshu"]

    names = wangshu.stills()

    assert "front34-paint-celadon-wheel-17-aero" in names
    assert len(names) == len(set(names)) == len(plan.VIEWS) * len(wangshu.paints) * len(wangshu.wheels)


def test_every_body_type_has_a_car_that_turns():
    bodies = {series.body for series in plan.all_series().values()}

    assert set(plan.SPIN_SERIES) == bodies
    assert {plan.all_series()[code].body for code in plan.SPIN_SERIES.values()} == bodies


def test_a_drawing_is_known_by_what_is_drawn():
    assert plan.digest("one") == plan.digest("one") != plan.digest("two")
    assert len(plan.digest("one")) == 10
