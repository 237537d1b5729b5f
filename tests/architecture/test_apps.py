"""Every app has its place in the table, its README and its door."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from s2b2c.celery import app as celery

PROJECT = Path(__file__).resolve().parent.parent.parent
FLOORS = [
    *("portals", "integrations", "bi", "ai", "data", "privacy", "settlement", "marketing", "aftersales", "support"),
    *("orders", "testdrives", "financing", "payments", "inventory", "membership", "scheduling", "leads", "catalog"),
    *("dealers", "suppliers", "onboarding", "shop", "notifications", "accounts", "events", "kernel"),
    *("sandbox", "studio"),
]
# The forks carry Oscar's labels and Oscar's own migrations; their door is that of `shop`.
OURS = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
WITH_MODELS = {config.name.split(".")[1] for config in OURS if list(config.get_models())}
# Portals stand on the top floor: nothing may enter them, so they have no door.
DOORS = sorted(WITH_MODELS - {"portals"} | {"events"})


def list_modules() -> list[Path]:
    """Every module of the apps but their migrations."""
    return sorted(path for path in (PROJECT / "apps").rglob("*.py") if "migrations" not in path.parts)


def test_the_folders_are_those_of_the_table():
    assert {path.name for path in (PROJECT / "apps").iterdir() if (path / "__init__.py").exists()} == set(FLOORS)


@pytest.mark.parametrize("app", FLOORS)
def test_an_app_says_what_it_owns(app):
    readme = PROJECT / "apps" / app / "README.md"

    assert readme.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("app", DOORS)
def test_an_app_with_models_has_a_door(app):
    door = importlib.import_module(f"apps.{app}.api")

    assert door.__doc__
    assert len(set(door.__all__)) == len(door.__all__)
    assert [name for name in door.__all__ if not hasattr(door, name)] == []


def test_every_folder_of_modules_is_a_package():
    """A folder without ``__init__.py`` works, but the contracts would not see it."""
    assert [str(path.parent) for path in list_modules() if not (path.parent / "__init__.py").exists()] == []


@pytest.mark.parametrize("config", OURS, ids=lambda config: config.name)
def test_models_have_no_default_ordering(config):
    """It costs a sort nobody asked for; a list says its order where it is made."""
    if config.name.startswith("apps.shop."):
        pytest.skip("Oscar's models, forked without fields, keep Oscar's ordering")
    assert [model.__name__ for model in config.get_models() if model._meta.ordering and model._meta.managed] == []


@pytest.mark.parametrize("port", settings.PORTS)
def test_every_port_of_the_table_has_an_adapter(port):
    assert callable(import_string(settings.PORTS[port]))
    assert port.split(".")[0] in FLOORS


def test_beat_asks_for_tasks_that_exist():
    celery.loader.import_default_modules()
    asked = {entry["task"] for entry in celery.conf.beat_schedule.values()}

    assert asked - set(celery.tasks) == set()


def test_modules_stay_readable():
    """A module of four hundred lines wants to be split by noun."""
    long = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in list_modules()}

    assert {str(path.relative_to(PROJECT)): lines for path, lines in long.items() if lines > 450} == {}
