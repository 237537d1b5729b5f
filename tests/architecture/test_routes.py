"""
Who may see what: every route × every role × {own, foreign, absent} × method.

A view without a declaration fails; so does a portal's or the API's route whose objects have no example below: whoever
adds a route says here what an own and a foreign object of it are.
"""

from collections import Counter
from contextlib import ExitStack
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from apps.accounts.api import Audience, Role
from tests.architecture.examples import ABSENT, World, build_world
from tests.architecture.routes import Route, list_routes

ROUTES = list_routes()
VISITOR = "visitor"
PEOPLE: tuple[Any, ...] = (VISITOR, *Role)
REFUSED = {401, 403, 405}
# Says 503 as long as Redis is down, as it is here.
MAY_BE_ILL = {"health/ready"}
# Answers of frameworks that send the uninvited away: to sign-in, to the CMS's door, or to nowhere.
SENT_AWAY = {302, 401, 403, 404, 405}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all; each request is rolled back."""
    quiet = override_settings(
        MFA_REQUIRED_ROLES=[], CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    )
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(quiet)
        stack.enter_context(transaction.atomic())
        yield stack.enter_context(build_world())
        transaction.set_rollback(True)


def test_every_route_declares_who_may_enter():
    undeclared = sorted({route.pattern for route in ROUTES if route.admitted is None})

    assert undeclared == []


def test_no_route_of_a_package_is_taken_for_declared_by_accident():
    """A package's path that no rule above knows is undeclared, and fails."""
    stranger = Route("strange/", "strange/", test_every_route_declares_who_may_enter, "", ())

    assert stranger.admitted is None


def test_every_object_of_a_portal_has_an_example(world):
    portal = [r for r in ROUTES if r.parameters and isinstance(r.admitted, frozenset) and r.is_declared_by_us]
    missing = sorted({r.pattern for r in portal if world.values(r, "own") is None})

    assert missing == [], "say in tests/architecture/examples.py what an own and a foreign object are"


@pytest.mark.parametrize("person", PEOPLE, ids=str)
def test_the_matrix(person, world):
    """Each person meets each route: nobody uninvited comes in, foreign looks like absent, nothing breaks."""
    client = world.client(None if person == VISITOR else person)
    wrong, seen = [], Counter()
    for route in ROUTES:
        for method in route.methods:
            answers = _answers(client, route, method, person, world)
            seen.update(answers.keys())
            wrong += [f"{method.upper()} {route.pattern}: {what}" for what in _judge(route, method, person, answers)]

    assert wrong == [], "\n".join(wrong)
    assert seen["absent"] >= len(ROUTES) / 2


def _answers(client: Client, route: Route, method: str, person: Any, world: World) -> dict[str, int]:
    """The status for each kind of object; a route without parameters has one kind."""
    kinds = ("own", "foreign", "absent") if route.parameters else ("absent",)
    if _is_refused(route, person):
        # Whoever does not come in is sent away before anybody looks for an object: one is enough.
        kinds = kinds[:1] if world.values(route, kinds[0]) else ("absent",)
    elif route.admitted == frozenset({Role.CMS_EDITOR}) or _is_slow(route):
        # A package's own pages, for those it is there for: their objects belong to the whole house.
        return {}
    answers = {}
    for kind in kinds:
        values = world.values(route, kind) if kind != "absent" else dict.fromkeys(route.parameters, ABSENT)
        if values is None:
            continue
        path = route.path({**dict.fromkeys(route.parameters, ABSENT), **values} | world.absent(route, kind))
        cookies = deepcopy(client.cookies)
        with transaction.atomic():
            answers[kind] = getattr(client, method)(path, **_body(route, method)).status_code
            transaction.set_rollback(True)
        # Signing out and the like are undone in the database; the browser forgets them as well.
        client.cookies = cookies
    return answers


def _is_refused(route: Route, person: Any) -> bool:
    admitted = route.admitted
    if isinstance(admitted, frozenset):
        return person == VISITOR or person not in admitted
    return admitted == Audience.MEMBERS and person == VISITOR


def _is_slow(route: Route) -> bool:
    return route.pattern.startswith("admin/") and not route.parameters


def _body(route: Route, method: str) -> dict[str, Any]:
    if not route.is_rest or method == "get":
        return {}
    return {"data": {}, "content_type": "application/json"}


def _judge(route: Route, method: str, person: Any, answers: dict[str, int]) -> list[str]:
    """What is wrong with these answers."""
    wrong = [f"{kind} answered {s}" for kind, s in answers.items() if s >= 500 and route.pattern not in MAY_BE_ILL]
    if _is_refused(route, person):
        fine = SENT_AWAY if not route.is_declared_by_us else REFUSED | ({302} if person == VISITOR else set())
        return wrong + [f"let {person} in with {s} ({kind})" for kind, s in answers.items() if s not in fine]
    if "own" in answers and isinstance(route.admitted, frozenset) and answers["own"] in {401, 403}:
        wrong.append(f"refused {person} their own with {answers['own']}")
    if method == "get" and answers.get("own") == 404 and isinstance(route.admitted, frozenset):
        wrong.append(f"hid from {person} what is their own")
    if "foreign" in answers and answers["foreign"] != answers["absent"]:
        wrong.append(f"foreign answered {answers['foreign']}, absent {answers['absent']}")
    return wrong


def test_people_of_the_matrix_are_what_they_seem(world):
    assert world.client(Role.CONSUMER).get("/account/").status_code == 200
    assert world.client(Role.SUPPLIER).get("/supplier/").status_code == 200
    assert world.client(Role.DEALER_CLERK).get("/dealer/").status_code == 200
    assert world.client(Role.HQ_OPERATOR).get("/admin/").status_code == 200
    assert world.client(None).get("/supplier/").url.startswith("/account/login/")
