"""Health as operators read it."""

import pytest
from django.test import Client

from s2b2c import health
from s2b2c.supervisor.suite import what_ails


def always(status: str):
    def run() -> str:
        if status != health.OK:
            raise health.Unwell("asleep")
        return "awake"

    return run


def make_checks(**statuses: str) -> tuple[health.Check, ...]:
    essential = {"database", "migrations"}
    return tuple(health.Check(name, always(status), name in essential) for name, status in statuses.items())


def test_live_asks_nobody(client):
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("database", "redis", "code", "status"),
    [
        ("ok", "ok", 200, "ok"),
        ("ok", "gone", 200, "degraded"),
        ("gone", "ok", 503, "down"),
        ("gone", "gone", 503, "down"),
    ],
)
def test_only_what_orders_need_makes_it_unready(client, monkeypatch, database, redis, code, status):
    monkeypatch.setattr(health, "CHECKS", make_checks(database=database, redis=redis))

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (code, status)
    assert set(response.json()["checks"]) == {"database", "redis"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_every_dependency_has_an_entry_and_redis_may_be_down(client):
    response = client.get("/health/ready")

    checks = response.json()["checks"]
    assert response.status_code == 200
    assert set(checks) == {"database", "migrations", "redis", "relay", "worker"}
    assert checks["database"]["status"] == checks["migrations"]["status"] == "ok"
    assert checks["redis"]["status"] == checks["worker"]["status"] == "degraded"


@pytest.mark.parametrize(
    ("address", "headers", "token", "code"),
    [
        ("127.0.0.1", {}, "", 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, "", 404),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}, "", 404),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, "", 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, "", 404),
        ("203.0.113.9", {}, "", 404),
        ("203.0.113.9", {"Authorization": "Bearer "}, "", 404),
        ("203.0.113.9", {"Authorization": "Bearer wrong"}, "right", 404),
        ("203.0.113.9", {"Authorization": "Bearer right"}, "right", 200),
    ],
)
def test_metrics_are_never_public(settings, address, headers, token, code):
    settings.METRICS_TOKEN = token
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code == code


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_probes_only_read(client, path):
    assert client.post(path).status_code == 405


def test_a_supervisor_that_gives_up_can_say_what_ails(client, monkeypatch):
    monkeypatch.setattr(health, "CHECKS", make_checks(database="ok", migrations="gone"))

    ailing = what_ails(client.get("/health/ready").json())

    assert ailing == {"migrations": "asleep"}
