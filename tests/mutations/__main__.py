"""
Removes permission, scope and lock lines from services one by one, in a copy, and runs the app's own tests.

``python -m tests.mutations accounts dealers`` prints every guard whose loss nobody noticed, and caught / total. With
``--list`` it only says what it would remove; ``--only team.py`` takes the modules of that name.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutations.guards import Guard, find_guards

PROJECT = Path(__file__).resolve().parent.parent.parent
# The apps of suppliers, dealers and what they offer.
APPS = ("accounts", "onboarding", "suppliers", "dealers", "leads")
COPIED = ("apps", "tests", "s2b2c")
# A test run that takes longer than this hangs, which a missing lock may well cause: that is noticed, too.
MOST_SECONDS = 900


def modules_of(app: str, only: str) -> list[Path]:
    """The service modules of an app."""
    home = PROJECT / "apps" / app
    found = [home / "services.py"] if (home / "services.py").exists() else sorted((home / "services").glob("*.py"))
    return [path for path in found if only in path.name]


def make_copy(place: Path) -> Path:
    """A copy of the project whose code may be spoilt; what is not code is linked."""
    for entry in PROJECT.iterdir():
        if entry.name in COPIED:
            shutil.copytree(entry, place / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif entry.name not in (".git", ".local"):
            (place / entry.name).symlink_to(entry)
    return place


def tests_for(app: str, guard: Guard, copy: Path) -> list[str]:
    """The app's test files, those that name the function first: the sooner one fails, the sooner the next turn."""
    files = sorted((copy / "tests" / "apps" / app).glob("test_*.py"))
    name = guard.function.lstrip("_")
    return [str(path) for path in sorted(files, key=lambda path: name not in path.read_text())]


def is_caught(app: str, path: Path, guard: Guard, copy: Path) -> bool:
    """Whether the app's tests fail without the guard."""
    target = copy / path.relative_to(PROJECT)
    target.write_text(guard.mutated)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, *tests_for(app, guard, copy)],
            cwd=copy,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        target.write_text(path.read_text())
    if done.returncode not in (0, 1):
        raise SystemExit(f"the tests could not run:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.returncode == 1


def main() -> int:
    """Remove each guard in turn; 1 if fewer than 95 of 100 were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.split("\n")[1])
    parser.add_argument("apps", nargs="*", default=APPS)
    parser.add_argument("--list", action="store_true", help="say what would be removed")
    parser.add_argument("--only", default="", help="only modules whose name contains this")
    chosen = parser.parse_args()
    work = [
        (app, path, guard)
        for app in chosen.apps
        for path in modules_of(app, chosen.only)
        for guard in find_guards(path.read_text())
    ]
    if chosen.list:
        for app, path, guard in work:
            print(f"{app} {path.name}:{guard.line} {guard.kind:10} {guard.text}")
        print(f"{len(work)} guards")
        return 0
    caught = 0
    with tempfile.TemporaryDirectory(prefix="mutations-") as place:
        copy = make_copy(Path(place))
        for app, path, guard in work:
            noticed = is_caught(app, path, guard, copy)
            caught += noticed
            print(
                f"{'caught ' if noticed else 'MISSED '} {app} {path.name}:{guard.line} {guard.kind:10} {guard.text}",
                flush=True,
            )
    print(f"caught {caught} / {len(work)}")
    return 0 if caught >= 0.95 * len(work) else 1


if __name__ == "__main__":
    sys.exit(main())
