"""The pictures of goods that lie in the repository, and how a key finds them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from apps.catalog.api import picture_set, picture_url

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "static" / "img"
REFERENCE = ROOT / "config" / "reference"
ICONS = [row["code"] for row in json.loads((REFERENCE / "parts.json").read_text(encoding="utf-8"))["icons"]]
PACKAGES = [
    row["code"].lower() for row in json.loads((REFERENCE / "packages.json").read_text(encoding="utf-8"))["packages"]
]
INTERIORS = [
    row["code"].lower()
    for row in json.loads((REFERENCE / "vehicles.json").read_text(encoding="utf-8"))["options"]
    if row["group"] == "INTERIOR"
]
# Bytes of all pictures of goods and interiors together, and of one panorama.
BUDGET, PANORAMA_BUDGET = 8_000_000, 600_000


def index_of(folder: str) -> dict:
    return json.loads((IMAGES / folder / "index.json").read_text(encoding="utf-8"))


def test_the_index_lists_the_icons_of_the_reference_data():
    pictures = index_of("parts")["pictures"]

    assert list(pictures) == ICONS
    assert all(row["name_zh"] and row["name_en"] for row in pictures.values())


@pytest.mark.parametrize("key", [*[f"parts/{icon}" for icon in ICONS], *[f"packages/{code}" for code in PACKAGES]])
def test_goods_have_a_picture_in_every_width_and_format(key):
    found = picture_set(key)

    assert found is not None
    assert found.src == f"/static/img/{key}-800.webp" == picture_url(key)
    assert (found.width, found.height) == (800, 600)
    assert found.placeholder.startswith("data:image/webp;base64,")
    assert [source.type for source in found.sources] == ["image/avif", "image/webp"]
    for suffix in ("avif", "webp"):
        for width in (400, 800):
            with Image.open(IMAGES / f"{key}-{width}.{suffix}") as picture:
                assert picture.size == (width, width * 3 // 4)


@pytest.mark.parametrize("code", INTERIORS)
def test_an_interior_has_stills_and_panoramas(code):
    found = picture_set(f"interiors/{code}")

    assert found is not None
    assert (found.width, found.height) == (1200, 675)
    assert found.src == f"/static/img/interiors/{code}-1200.webp"
    for width in (2048, 4096):
        panorama = IMAGES / "interiors" / f"{code}-pano-{width}.webp"
        assert panorama.stat().st_size <= PANORAMA_BUDGET
        with Image.open(panorama) as picture:
            assert picture.size == (width, width // 2)


def test_all_pictures_of_goods_together_stay_small():
    folders = [IMAGES / name for name in ("parts", "packages", "interiors")]

    assert sum(path.stat().st_size for folder in folders for path in folder.iterdir()) <= BUDGET


def test_a_key_without_a_picture_shows_no_other_goods():
    assert picture_url("parts/no-such-thing") == ""
    assert picture_url("parts/no-such-thing", kind="part") == "/static/img/mark.svg"
