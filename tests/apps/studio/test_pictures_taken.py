"""The pictures that were taken: whole sets, known to the index, small; models that need no decoder."""

import json
import struct
from pathlib import Path

import pytest

from apps.studio import plan

MEGABYTE = 1_000_000
INDEX = json.loads((plan.STILLS / "index.json").read_text(encoding="utf-8"))
SERIES = sorted(plan.all_series())
FORMATS = ("avif", "webp")


def taken(series: str) -> set[str]:
    """Return the stills of a series there are files of."""
    return {path.stem.rpartition("-")[0] for path in (plan.STILLS / series).glob("*-wheel-*")}


@pytest.mark.parametrize("series", SERIES)
def test_every_still_taken_is_there_in_both_widths_and_formats(series):
    wanted = {f"{still}-{width}.{suffix}" for still in taken(series) for width in plan.WIDTHS for suffix in FORMATS}

    assert wanted == {path.name for path in (plan.STILLS / series).glob("*-wheel-*")}


@pytest.mark.parametrize("series", SERIES)
def test_what_was_taken_in_one_paint_was_taken_in_all(series):
    sold = plan.all_series()[series]
    views = {(name.partition("-")[0], f"wheel-{name.partition('-wheel-')[2]}") for name in taken(series)}
    wanted = {f"{view}-{paint}-{wheels}" for view, wheels in views for paint in sold.paints}

    assert taken(series) == wanted
    assert wanted <= set(sold.stills())


def test_the_index_knows_every_still_and_its_blur():
    stills = {f"{series}/{still}" for series in SERIES for still in taken(series)}

    assert set(INDEX["pictures"]) == stills
    assert all(row["blur"].startswith("data:image/webp;base64,") for row in INDEX["pictures"].values())
    assert tuple(INDEX["widths"]) == plan.WIDTHS


def test_no_still_is_heavier_than_60_kilobytes():
    heavy = {path.name: path.stat().st_size for path in plan.STILLS.glob("*/*") if path.stat().st_size > 60_000}

    assert heavy == {}


@pytest.mark.parametrize("folder", sorted(plan.SPINS.glob("*")), ids=lambda path: path.name)
def test_a_turn_has_all_its_frames(folder: Path):
    frames = sorted(path.stem for path in folder.glob("*.webp"))
    paints = {frame.rpartition("-")[0] for frame in frames}

    assert paints <= set(plan.all_series()[plan.SPIN_SERIES[folder.name]].paints)
    assert frames == sorted(f"{paint}-{number:02}" for paint in paints for number in range(plan.FRAMES))


@pytest.mark.parametrize("series", SERIES)
def test_a_model_is_small_offers_every_paint_and_asks_for_no_decoder(series):
    path = plan.MODELS / f"{series}.glb"
    document = read_document(path)
    variants = [variant["name"] for variant in document["extensions"]["KHR_materials_variants"]["variants"]]

    assert path.stat().st_size <= 1.5 * MEGABYTE
    assert sorted(variants) == sorted(plan.all_series()[series].paints)
    assert variants[0] == plan.all_series()[series].cover_paint
    assert document["extensionsRequired"] == ["KHR_mesh_quantization"]


def read_document(path: Path) -> dict:
    """Return a GLB's JSON chunk."""
    data = path.read_bytes()
    assert data[:4] == b"glTF"
    (length,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + length])


def test_all_pictures_together_stay_below_40_megabytes():
    roots = (plan.PROJECT / "static" / "img", plan.MODELS)
    total = sum(path.stat().st_size for root in roots for path in root.rglob("*") if path.is_file())

    assert total <= 40 * MEGABYTE
