"""The clock is read at the edges: below them, ``now`` is passed in."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
BELOW_THE_EDGE = {"services", "selectors", "policies", "models", "states"}
CLOCK = re.compile(r"\b(timezone\.(now|localdate|localtime)\(\)|datetime\.(now|utcnow)\(|date\.today\(|time\.time\()")


def reads_of_the_clock(path: Path) -> list[int]:
    """Return the lines of a module that read the clock."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if CLOCK.search(line)]


def rooms_below_the_edge() -> list[Path]:
    """Return every module of the rooms that must not know what time it is."""
    modules = [path for path in (PROJECT / "apps").rglob("*.py") if "sandbox" not in path.parts]
    return [path for path in modules if BELOW_THE_EDGE & {part.removesuffix(".py") for part in path.parts}]


def test_nothing_below_the_edge_reads_the_clock():
    found = {
        str(path.relative_to(PROJECT)): lines for path in rooms_below_the_edge() if (lines := reads_of_the_clock(path))
    }

    assert found == {}


@pytest.mark.parametrize("line", ["now = timezone.now()", "at = datetime.now(tz=UTC)", "day = date.today()"])
def test_a_read_of_the_clock_is_noticed(tmp_path, line):
    module = tmp_path / "services.py"
    module.write_text(f"import x\n\n{line}\n")

    assert reads_of_the_clock(module) == [3]
