"""
Faults for tests. Python loads this by itself in every process whose PYTHONPATH names this directory.

``FAULT_POINTS``, JSON ``{point: [word, "before" | "after", module, function]}``, names places in the code of processes
that have the word in their command line. A process that comes to one while the file ``$FAULTS/armed/<point>`` is there
dies by SIGKILL, once: the file says "self" (this process only) or "group" (with its parent and siblings), and moves to
``$FAULTS/fired/``.

``FAULT_PATCHES``, JSON ``{module: {function: [module here, function]}}``, puts other functions in the place of guards
for as long as the file ``$FAULTS/patched`` is there.

The product knows nothing of this: functions are wrapped as their modules are loaded.
"""

import functools
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
from pathlib import Path


def die_if_armed(point, word):
    """Kill this process if it is meant and the point is armed; of several that come here at once, one dies."""
    place = Path(os.environ["FAULTS"])
    armed, fired = place / "armed" / point, place / "fired" / point
    if not armed.exists() or word not in Path("/proc/self/cmdline").read_text():
        return
    try:
        armed.rename(fired)
    except FileNotFoundError:
        return
    if fired.read_text() == "group":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def wrapped(function, when, point, word):
    """Return ``function`` with a place to die before or after it."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        if when == "before":
            die_if_armed(point, word)
        answer = function(*args, **kwargs)
        if when == "after":
            die_if_armed(point, word)
        return answer

    return call


def switched(function, elsewhere, name):
    """Return ``function``, which while the switch is on does what its namesake elsewhere does."""
    switch = Path(os.environ["FAULTS"]) / "patched"

    @functools.wraps(function)
    def call(*args, **kwargs):
        chosen = getattr(importlib.import_module(elsewhere), name) if switch.exists() else function
        return chosen(*args, **kwargs)

    return call


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that are to be changed as Python would, and changes them once they are loaded."""

    def __init__(self, points, patches):
        self.points = points
        self.patches = patches
        self.modules = {module for _, _, module, _ in points.values()} | set(patches)

    def find_spec(self, fullname, path, target=None):
        """Return the module's own spec with a loader that changes it."""
        if fullname not in self.modules:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            self.change(module)

        spec.loader.exec_module = exec_module
        return spec

    def change(self, module):
        """Patch and wrap what is asked for; a name that is not there is an error."""
        for name, (elsewhere, replacement) in self.patches.get(module.__name__, {}).items():
            setattr(module, name, switched(getattr(module, name), elsewhere, replacement))
        for point, (word, when, module_name, path) in self.points.items():
            if module_name == module.__name__:
                *owners, name = path.split(".")
                owner = functools.reduce(getattr, owners, module)
                setattr(owner, name, wrapped(getattr(owner, name), when, point, word))


if "FAULTS" in os.environ:
    sys.meta_path.insert(
        0,
        Finder(json.loads(os.environ.get("FAULT_POINTS", "{}")), json.loads(os.environ.get("FAULT_PATCHES", "{}"))),
    )
