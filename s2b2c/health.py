"""
What operators ask: is the process alive, can it take orders, how is it doing.

``ready`` answers 503 only where no order could be taken. Redis, the relay and the workers carry what the database
already holds: without them orders are still taken and follow up later, so their absence reads ``degraded``, with 200.
"""

import hmac
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from kombu.exceptions import OperationalError

from apps.accounts.api import open_to_everyone, open_to_machines

OK, DEGRADED, DOWN = "ok", "degraded", "down"
# The relay touches its heartbeat about every second.
HEARTBEAT_SECONDS = 30
# Asking the workers costs a round trip through Redis and back: not more often than this.
WORKER_ANSWER_SECONDS = 5.0
WORKER_PATIENCE = 1.0
FORWARDING_HEADERS = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")


class Unwell(Exception):
    """A dependency does not do its work; the message is safe to show."""


@dataclass(frozen=True)
class Check:
    """One dependency. Without an ``essential`` one no order can be taken."""

    name: str
    run: Callable[[], str]
    essential: bool

    def result(self) -> dict[str, object]:
        """Status, a word on it, and how long asking took."""
        started = time.monotonic()
        try:
            status, detail = OK, self.run()
        except Unwell as reason:
            status, detail = DOWN if self.essential else DEGRADED, str(reason)
        return {"status": status, "detail": detail, "milliseconds": round((time.monotonic() - started) * 1000, 1)}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise Unwell("no answer") from None
    return "answers"


def _migrations() -> str:
    try:
        _refuse_pending_migrations()
    except DatabaseError:
        raise Unwell("unknown: the database does not answer") from None
    return "all applied"


@cache
def _refuse_pending_migrations() -> None:
    """Refuse while migrations are pending. What is applied stays applied, so a good answer is asked for once."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise Unwell(f"{len(plan)} not applied")


@cache
def _redis_client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)


def _redis() -> str:
    try:
        _redis_client(settings.REDIS_URL).ping()
    except redis.RedisError:
        raise Unwell("no answer; orders are taken, background work waits") from None
    return "answers"


def _relay() -> str:
    heartbeat = os.environ.get("RELAY_HEARTBEAT_FILE")
    if not heartbeat:
        return "watched by its own probe"
    try:
        age = time.time() - Path(heartbeat).stat().st_mtime
    except FileNotFoundError:
        raise Unwell("no heartbeat yet") from None
    if age > HEARTBEAT_SECONDS:
        raise Unwell(f"no heartbeat for {age:.0f} s")
    return "heartbeat is fresh"


@dataclass
class _Workers:
    """Remembers the last answer for a few seconds, so that a flood of probes does not become a flood of pings."""

    asked_at: float = -WORKER_ANSWER_SECONDS
    answered: int = 0

    def count(self) -> int:
        if not self.answered or time.monotonic() - self.asked_at >= WORKER_ANSWER_SECONDS:
            self.asked_at = time.monotonic()
            self.answered = len(current_app.control.ping(timeout=WORKER_PATIENCE, limit=1))
        return self.answered


_workers = _Workers()


def _worker() -> str:
    _redis()
    try:
        count = _workers.count()
    except (OperationalError, redis.RedisError, OSError):
        raise Unwell("unknown: Redis does not answer") from None
    if not count:
        raise Unwell("no worker answers")
    return "answers"


CHECKS = (
    Check("database", _database, essential=True),
    Check("migrations", _migrations, essential=True),
    Check("redis", _redis, essential=False),
    Check("relay", _relay, essential=False),
    Check("worker", _worker, essential=False),
)


@never_cache
@require_safe
@open_to_everyone
def live(request: HttpRequest) -> JsonResponse:
    """Whether this process answers at all."""
    return JsonResponse({"status": OK})


@never_cache
@require_safe
@open_to_everyone
def ready(request: HttpRequest) -> JsonResponse:
    """Whether this process can take orders: 200 or 503, with one entry per dependency."""
    results = {check.name: check.result() for check in CHECKS}
    found = {result["status"] for result in results.values()}
    status = next((worst for worst in (DOWN, DEGRADED) if worst in found), OK)
    return JsonResponse({"status": status, "checks": results}, status=503 if status == DOWN else 200)


@never_cache
@require_safe
@open_to_machines
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for the machine itself or for who knows METRICS_TOKEN; for others there is no such page."""
    if not (_is_local(request) or _knows_token(request)):
        raise Http404
    return ExportToDjangoView(request)


def _is_local(request: HttpRequest) -> bool:
    # Behind a proxy on this machine everybody seems local; the proxy says so in one of its headers.
    is_forwarded = any(name in request.headers for name in FORWARDING_HEADERS)
    return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and not is_forwarded


def _knows_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


urlpatterns = [
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
]
