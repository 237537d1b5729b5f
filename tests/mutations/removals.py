"""A guard of a service, and how to take it away from the running program."""

import importlib
import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutations.equivalent import EQUIVALENT
from tests.mutations.guards import Guard, find_guards

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Removal:
    """A guard of an app's module, to be taken away."""

    app: str
    path: Path
    guard: Guard

    @property
    def place(self) -> str:
        """Module and line, as ``team.py:226``."""
        return f"{self.path.name}:{self.guard.line}"

    @property
    def reason(self) -> str | None:
        """Why nobody can notice; None if somebody should."""
        return EQUIVALENT.get((self.app, self.path.name, self.guard.function, self.guard.kind, self.guard.text))

    @property
    def lines(self) -> set[tuple[str, int]]:
        """Where a test passes that could notice: pairs of file and line."""
        return {(str(self.path), line) for line in range(self.guard.line, self.guard.last_line + 1)}

    def __str__(self) -> str:
        return f"{self.app} {self.place} {self.guard.kind:10} {self.guard.text}"

    @contextmanager
    def done(self) -> Iterator[None]:
        """The program without the guard: the function, wherever it is known, runs the code that lacks it."""
        function = self._function()
        before = function.__code__
        function.__code__ = _code_of(self.guard.function, compile(self.guard.mutated, str(self.path), "exec"))
        try:
            yield
        finally:
            function.__code__ = before

    def _function(self) -> FunctionType:
        found = importlib.import_module(".".join(self.path.relative_to(PROJECT).with_suffix("").parts))
        for name in self.guard.function.split("."):
            found = inspect.getattr_static(found, name)
        function = inspect.unwrap(getattr(found, "fget", None) or getattr(found, "__func__", None) or found)
        assert function.__code__.co_qualname == self.guard.function, f"{self}: {function} is another function"
        return function


def list_removals(names: Sequence[str], only: str) -> list[Removal]:
    """Every guard of ``app`` or ``app/module`` whose module and line begin with ``only``, in order of lines."""
    return [
        removal
        for app, _, module in (name.partition("/") for name in names)
        for path in _modules_of(app)
        if module in ("", path.stem)
        for guard in find_guards(path.read_text())
        if (removal := Removal(app, path, guard)).place.startswith(only)
    ]


def _modules_of(app: str) -> list[Path]:
    home = PROJECT / "apps" / app
    return [home / "services.py"] if (home / "services.py").exists() else sorted((home / "services").glob("*.py"))


def _code_of(name: str, module: CodeType) -> CodeType:
    inner = [const for const in module.co_consts if isinstance(const, CodeType)]
    for code in inner:
        if code.co_qualname == name:
            return code
    return next(_code_of(name, code) for code in inner if name.startswith(f"{code.co_qualname}."))
