"""Each import contract holds for the real tree, and catches what it is there for in a small one."""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
CONFIG = PROJECT / ".importlinter"
RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"
APPS = sorted(path.parent.name for path in (PROJECT / "apps").glob("*/__init__.py"))
NESTED = [
    "portals.cms",
    "portals.dealer",
    "portals.staff",
    "portals.storefront",
    "portals.supplier",
    "integrations.sms",
]
# The sandbox's, in three layers each.
PROVIDERS = ["alipay", "stripe", "wechatpay"]
ROOMS = [
    "web",
    "rest",
    "admin",
    "handlers",
    "management",
    "adapters",
    "tasks",
    "api",
    "services",
    "selectors",
    "models",
]
LOWER_ROOMS = ["policies", "ports", "states", "errors"]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Check the tree under the project's own contracts."""
    return subprocess.run(
        [sys.executable, "-c", RUN, "--config", str(CONFIG), "--no-cache"],
        cwd=tree,
        # The tree's `apps` comes first; only the contract types come from the project.
        env={**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{PROJECT}", "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def broken(tree: Path) -> set[str]:
    """The names of the contracts the tree breaks, up to the colon."""
    result = lint(tree)
    verdicts = re.findall(r"^(\w+): .* (KEPT|BROKEN)$", result.stdout, flags=re.MULTILINE)
    assert len(verdicts) == len(contract_names()), result.stdout + result.stderr
    return {name for name, verdict in verdicts if verdict == "BROKEN"}


def contract_names() -> list[str]:
    """The names of all contracts."""
    config = configparser.ConfigParser()
    config.read(CONFIG)
    return [config[section]["name"] for section in config.sections() if section.startswith("importlinter:contract:")]


@pytest.fixture
def tree(tmp_path) -> Path:
    """Every app of the suite, with every room, empty."""
    packages = [Path("apps"), *(Path("apps", *app.split(".")) for app in [*APPS, *NESTED])]
    for package in packages:
        (tmp_path / package).mkdir(parents=True, exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    for app in [*APPS, *NESTED]:
        for room in [*ROOMS, *LOWER_ROOMS]:
            tmp_path.joinpath("apps", *app.split("."), f"{room}.py").touch()
    (tmp_path / "apps" / "kernel" / "money.py").touch()
    for provider in PROVIDERS:
        package = tmp_path / "apps" / "sandbox" / provider
        package.mkdir()
        for module in ["__init__", "provider", "api", "counter"]:
            (package / f"{module}.py").touch()
    return tmp_path


def write(tree: Path, module: str, line: str) -> None:
    """Add a line of code to a module of the tree."""
    path = tree.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{line}\n")


def test_the_suite_keeps_every_contract():
    result = lint(PROJECT)

    assert result.returncode == 0, result.stdout


def test_an_empty_suite_keeps_every_contract(tree):
    assert broken(tree) == set()


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("apps.orders.services", "from apps.inventory import api"),
        ("apps.orders.services", "from apps.payments.ports import Gateway"),
        ("apps.orders.services", "import apps.kernel.errors"),
        ("apps.orders.rest", "from apps.kernel.rest.errors import exception_handler"),
        ("apps.orders.web", "from apps.orders import api, policies"),
        ("apps.orders.handlers", "from apps.orders import tasks"),
        ("apps.shop.models", "from oscar.apps.order.models import *"),
        ("apps.portals.storefront.web", "import oscar"),
        ("apps.portals.cms.models", "from wagtail.models import Page"),
        ("apps.integrations.sms.adapters", "import httpx, urllib.request"),
        ("apps.sandbox.adapters", "import httpx"),
        ("apps.catalog.policies", "from urllib.parse import quote; from http import HTTPStatus"),
    ],
)
def test_what_is_meant_to_be_allowed_is(tree, module, line):
    write(tree, module, line)

    assert broken(tree) == set()


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        # Floors: up, and sideways on one floor.
        ("apps.kernel.models", "from apps.accounts import api", "Floors"),
        ("apps.membership.services", "from apps.orders import api", "Floors"),
        ("apps.inventory.services", "from apps.payments import api", "Floors"),
        ("apps.portals.storefront.web", "from apps.integrations import api", "Floors"),
        ("apps.catalog.services", "def late():\n    from apps.orders import errors", "Floors"),
        # Sandbox: neither way.
        ("apps.sandbox.services", "from apps.kernel import api", "Sandbox"),
        ("apps.sandbox.services", "import django", "Sandbox"),
        ("apps.integrations.sms.adapters", "import apps.sandbox.api", "Sandbox"),
        # Sandbox: upwards inside a provider.
        ("apps.sandbox.alipay.counter", "from .api import AlipayApi", "Sandbox"),
        ("apps.sandbox.stripe.api", "from .provider import Stripe", "Sandbox"),
        # Studio: neither way.
        ("apps.studio.render", "from apps.kernel import api", "Studio"),
        ("apps.portals.storefront.pictures", "import apps.studio.render", "Studio"),
        # Doors: every other room of every other app.
        ("apps.orders.services", "from apps.inventory.models import StockLevel", "Doors"),
        ("apps.orders.services", "from apps.inventory import services", "Doors"),
        ("apps.orders.services", "import apps.inventory.selectors", "Doors"),
        ("apps.orders.services", "from apps.kernel.money import Money", "Doors"),
        ("apps.orders.services", "from apps import kernel", "Doors"),
        ("apps.portals.dealer.web", "from apps.orders.states import S", "Doors"),
        ("apps.portals.dealer.web", "from apps.orders.rest import serializers", "Doors"),
        ("apps.orders.migrations.0001_initial", "import apps.kernel.models", "Doors"),
        # Rooms: upwards, also where apps are nested, also by way of a module that is no room.
        ("apps.orders.services", "from apps.orders import api", "Rooms"),
        ("apps.orders.models", "from apps.orders import services", "Rooms"),
        ("apps.orders.selectors", "from apps.orders.services import place_order", "Rooms"),
        ("apps.orders.policies", "from apps.orders import models", "Rooms"),
        ("apps.orders.errors", "from apps.orders import states", "Rooms"),
        ("apps.orders.rest", "from apps.orders import web", "Rooms"),
        ("apps.orders.services", "from apps.orders import tasks", "Rooms"),
        ("apps.portals.dealer.services", "from apps.portals.dealer import web", "Rooms"),
        ("apps.integrations.sms.ports", "from apps.integrations.sms import adapters", "Rooms"),
        # Fences.
        ("apps.orders.models", "from oscar.apps.order.models import Order", "Fence"),
        ("apps.portals.dealer.web", "from oscar.core.loading import get_class", "Fence"),
        ("apps.payments.services", "import httpx", "Fence"),
        ("apps.payments.services", "from stripe import StripeClient", "Fence"),
        ("apps.payments.services", "import urllib.request", "Fence"),
        ("apps.payments.services", "from http import client", "Fence"),
        ("apps.portals.storefront.web", "from wagtail.models import Page", "Fence"),
        ("apps.kernel.services", "from s2b2c import ports", "Fence"),
        ("apps.sandbox.services", "from s2b2c.settings import base", "Fence"),
    ],
)
def test_a_contract_catches_its_violation(tree, module, line, contract):
    write(tree, module, line)

    assert contract in broken(tree)


def test_rooms_are_kept_by_way_of_other_modules_too(tree):
    write(tree, "apps.orders.models", "from apps.orders import numbers")
    write(tree, "apps.orders.numbers", "from apps.orders import services")

    assert broken(tree) == {"Rooms"}


def test_a_stranger_among_the_apps_is_caught(tree):
    (tree / "apps" / "newcomer").mkdir()
    (tree / "apps" / "newcomer" / "__init__.py").touch()

    assert broken(tree) == {"Floors"}


def test_the_doors_of_a_stranger_are_guarded_as_well(tree):
    (tree / "apps" / "newcomer").mkdir()
    (tree / "apps" / "newcomer" / "__init__.py").touch()
    write(tree, "apps.newcomer.services", "from apps.orders import models")

    assert "Doors" in broken(tree)
