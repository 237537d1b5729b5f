"""Which still, spin, model and interior shows a configuration."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.utils.translation import override

from apps.catalog import pictures as shelf
from apps.catalog.api import picture_set, picture_url
from apps.portals.storefront import pictures

STILLS = (
    "front34-paint-glacier-wheel-19-blade",
    "front34-paint-cinnabar-wheel-19-blade",
    "front34-paint-cinnabar-wheel-20-star",
    "side-paint-cinnabar-wheel-19-blade",
    "side-paint-glacier-wheel-20-star",
)


def forget() -> None:
    """Let pictures be looked for anew."""
    for cached in (shelf._find, shelf._shelf, shelf._index, shelf._set_of, pictures._stills, pictures._spins):
        cached.cache_clear()


@pytest.fixture
def put(tmp_path, settings) -> Iterator[Callable[..., None]]:
    """``put(path, …)`` lays empty files into a static directory of its own."""
    settings.STATICFILES_DIRS = [tmp_path]
    forget()

    def lay(*paths: str) -> None:
        for path in paths:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch()

    yield lay
    forget()


@pytest.fixture
def stills(put, tmp_path) -> None:
    """Five stills of one series, each in two widths and two formats."""
    for still in STILLS:
        put(*(f"img/vehicles/x1/{still}-{width}.{suffix}" for width in (640, 1200) for suffix in ("avif", "webp")))
    known = {f"x1/{STILLS[2]}": {"height_per_width": 0.6, "blur": "data:image/webp;base64,AA"}}
    (tmp_path / "img/vehicles/index.json").write_text(json.dumps({"height_per_width": 0.5, "pictures": known}))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"paints": ["PAINT-CINNABAR"], "wheels": "WHEEL-20-STAR"}, "front34-paint-cinnabar-wheel-20-star"),
        ({"view": "side", "paints": ["PAINT-CINNABAR"]}, "side-paint-cinnabar-wheel-19-blade"),
        # The paint is worth more than the wheels, and than the view.
        (
            {"view": "side", "paints": ["PAINT-CINNABAR"], "wheels": "WHEEL-20-STAR"},
            "side-paint-cinnabar-wheel-19-blade",
        ),
        ({"view": "rear34", "paints": ["PAINT-CINNABAR"]}, "front34-paint-cinnabar-wheel-19-blade"),
        # Whoever chooses wheels sees those first.
        (
            {"paints": ["PAINT-DUNE"], "wheels": "WHEEL-20-STAR", "is_about_wheels": True},
            "front34-paint-cinnabar-wheel-20-star",
        ),
        (
            {"view": "side", "paints": ["PAINT-CINNABAR"], "wheels": "WHEEL-20-STAR", "is_about_wheels": True},
            "front34-paint-cinnabar-wheel-20-star",
        ),
        # A paint that was not photographed: the next best one says which.
        ({"paints": ["PAINT-DUNE", "PAINT-GLACIER"]}, "front34-paint-glacier-wheel-19-blade"),
        ({"paints": ["PAINT-DUNE"]}, "front34-paint-cinnabar-wheel-19-blade"),
        ({"paints": [""]}, "front34-paint-cinnabar-wheel-19-blade"),
    ],
)
def test_shows_what_comes_closest_to_the_choice(asked, shown, stills):
    found = pictures.find_picture("X1", **asked)

    assert found.picture.src == f"/static/img/vehicles/x1/{shown}-1200.webp"


def test_says_whether_it_shows_the_paint_and_the_wheels_that_were_asked_for(stills):
    exact = pictures.find_picture("X1", paints=["PAINT-CINNABAR"], wheels="WHEEL-20-STAR")
    other = pictures.find_picture("X1", paints=["PAINT-DUNE", "PAINT-GLACIER"], wheels="WHEEL-21-FORGED")

    assert (exact.paint, exact.wheels, exact.is_paint, exact.is_wheels) == (
        "PAINT-CINNABAR",
        "WHEEL-20-STAR",
        True,
        True,
    )
    assert (other.paint, other.is_paint, other.is_wheels) == ("PAINT-GLACIER", False, False)


def test_a_set_names_every_width_and_format_and_what_the_index_knows(stills):
    found = pictures.find_picture("X1", paints=["PAINT-CINNABAR"], wheels="WHEEL-20-STAR").picture

    base = "/static/img/vehicles/x1/front34-paint-cinnabar-wheel-20-star"
    assert [(source.type, source.srcset) for source in found.sources] == [
        ("image/avif", f"{base}-640.avif 640w, {base}-1200.avif 1200w"),
        ("image/webp", f"{base}-640.webp 640w, {base}-1200.webp 1200w"),
    ]
    assert (found.width, found.height, found.placeholder) == (1200, 720, "data:image/webp;base64,AA")
    assert pictures.find_picture("X1", paints=["PAINT-GLACIER"]).picture.height == 600


def test_lists_the_views_there_are(stills):
    assert pictures.list_views("X1") == ("front34", "side")


def test_a_key_of_a_paint_or_a_series_shows_the_car_from_the_front(stills):
    assert picture_url("vehicles/x1/glacier").endswith("/front34-paint-glacier-wheel-19-blade-1200.webp")
    assert picture_url("vehicles/x1/dune").endswith("/front34-paint-cinnabar-wheel-19-blade-1200.webp")
    assert picture_url("vehicles/x1").endswith("/front34-paint-cinnabar-wheel-19-blade-1200.webp")


def test_a_series_without_pictures_has_none(put):
    assert pictures.find_picture("X1", paints=["PAINT-DUNE"]) is None
    assert pictures.car_picture("X1") == ""
    assert pictures.list_views("X1") == ()
    assert pictures.find_spin("X1", "SUV") is None
    assert pictures.find_model("X1", "SUV") == ""
    assert pictures.find_panorama("int-oat") is None


def test_a_drawing_is_shown_until_a_render_lies_beside_it(put):
    put("img/parts/tire.svg")
    assert picture_url("parts/tire") == "/static/img/parts/tire.svg"
    forget()

    put("img/parts/tire-400.webp", "img/parts/tire-800.webp")

    assert picture_set("parts/tire").src == "/static/img/parts/tire-800.webp"


def test_only_a_whole_turn_is_a_spin(put):
    put(*(f"img/spins/suv/paint-glacier-{number:02}.webp" for number in range(36)))
    put(*(f"img/spins/suv/paint-dune-{number:02}.webp" for number in range(35)))

    spin = pictures.find_spin("X1", "SUV", paints=["PAINT-DUNE", "PAINT-GLACIER"])

    assert (spin.paint, spin.is_paint, len(spin.frames)) == ("PAINT-GLACIER", False, 36)
    assert spin.frames[7] == "/static/img/spins/suv/paint-glacier-07.webp"


def test_a_model_of_the_series_goes_before_that_of_its_body_type(put):
    put("models/suv.glb")
    assert pictures.find_model("X1", "SUV") == "/static/models/suv.glb"

    put("models/x1.glb")

    assert pictures.find_model("X1", "SUV") == "/static/models/x1.glb"


def test_an_interior_comes_in_one_size_or_two(put):
    put(*(f"img/interiors/{name}.webp" for name in ("sedan-pano-2048", "int-oat-pano-2048", "int-oat-pano-4096")))

    assert pictures.find_panorama("INT-OAT", "SEDAN").large.endswith("int-oat-pano-4096.webp")
    assert pictures.find_panorama("INT-FERN", "SEDAN").large.endswith("sedan-pano-2048.webp")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_describes_what_it_shows_with_the_names_it_is_given(language):
    with override(language):
        told = pictures.describe("Jinghong", view="side", paint="Cinnabar", wheels="20-inch")

    assert all(word in told for word in ("Jinghong", "Cinnabar", "20-inch"))
