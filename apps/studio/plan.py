"""What is to be photographed, read from the catalog's reference data, and where it lies. Standard library only."""

import ast
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REFERENCE = PROJECT / "config" / "reference" / "vehicles.json"
STILLS = PROJECT / "static" / "img" / "vehicles"
SPINS = PROJECT / "static" / "img" / "spins"
MODELS = PROJECT / "static" / "models"
WORK = PROJECT / ".local" / "studio"

VIEWS = ("front34", "side", "rear34")
WIDTHS = (640, 1200)
FRAMES = 36
# Which series stands for its body type in spins.
SPIN_SERIES = {"sedan": "wangshu", "suv": "yuanshan", "mpv": "yunzhou", "pickup": "shuoye", "coupe": "jinghong"}
# Changes in these show in every picture; what only sorts, packs or exports is left out.
DRAWING = (
    "body",
    "cabin",
    "curves",
    "details",
    "fittings",
    "materials",
    "mesh",
    "model",
    "panels",
    "render",
    "scene",
    "studio",
    "wheels",
)


@dataclass(frozen=True)
class Series:
    """One series as the catalog sells it: its option codes in lower case, defaults first."""

    code: str
    body: str
    paints: tuple[str, ...]
    wheels: tuple[str, ...]
    cover_paint: str

    def stills(self, paints: tuple[str, ...] = ()) -> list[str]:
        """Return the names of all stills of this series, without width and suffix."""
        return [
            f"{view}-{paint}-{wheels}" for view in VIEWS for wheels in self.wheels for paint in paints or self.paints
        ]


@cache
def all_series() -> dict[str, Series]:
    """Return every series by its code in lower case."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    series_of_model = {model["code"]: model["series"] for model in reference["models"]}
    found = {}
    for row in reference["series"]:
        options: dict[str, None] = {}
        for trim in reference["trims"]:
            if series_of_model[trim["model"]] == row["code"]:
                options |= dict.fromkeys(code.lower() for code in trim["options"])
        found[row["code"].lower()] = Series(
            code=row["code"].lower(),
            body=row["body_type"].lower(),
            paints=tuple(code for code in options if code.startswith("paint-")),
            wheels=tuple(code for code in options if code.startswith("wheel-")),
            cover_paint=row["paint"].lower(),
        )
    return found


@cache
def swatches() -> dict[str, str]:
    """Return each paint's color in the catalog, such as "#9C1C25"."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return {row["code"].lower(): row["hex"] for row in reference["options"] if row["group"] == "EXTERIOR"}


def digest(*what: object) -> str:
    """Return a short name for a drawing: it changes with what the code that draws does, and with ``what`` is drawn."""
    return hashlib.sha256((_drawing_code() + repr(what)).encode()).hexdigest()[:10]


@cache
def _drawing_code() -> str:
    """Return the code that draws, without comments, docstrings and layout: rewording it takes no new pictures."""
    trees = [ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")) for name in DRAWING]
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return "".join(ast.dump(tree) for tree in trees)
