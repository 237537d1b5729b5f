"""The suite as one thing that starts, stays up and stops."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

import psutil

from s2b2c.supervisor import prepare, system
from s2b2c.supervisor.environment import Plan, read_env_file
from s2b2c.supervisor.errors import AlreadyRunning, DidNotStart, PortTaken
from s2b2c.supervisor.keeper import Keeper
from s2b2c.supervisor.postgres import EmbeddedPostgres
from s2b2c.supervisor.redis import EmbeddedRedis

DATABASE = "s2b2c"
# Users of a service end before the service.
STOP_ORDER = (("web", "live", "beat"), ("relay", "worker"), ("sandbox",), ("redis", "postgres"))
QUEUES = "critical,default,integration,data,ai"
# The relay touches its heartbeat about every second; a silence this long (seconds) means it hangs.
RELAY_SILENCE = 60.0
LARGEST_LOG = 20_000_000


class Suite:
    """Starts what a Plan names, in order; ``tend`` keeps it alive; ``stop`` ends it in the opposite order."""

    def __init__(self, plan: Plan, *, say: Callable[[str], None]) -> None:
        self.plan = plan
        self.say = say
        self.keepers: list[Keeper] = []
        self.env: dict[str, str] = {}
        self._lock: IO[str] | None = None
        self._helpers: list[subprocess.Popen[bytes]] = []

    # Life

    def start(self) -> None:
        """
        Start everything and return when it is ready.

        :raises SupervisorError: with the reason, if it cannot be
        """
        self.claim_home()
        self._end_leftovers()
        self._check_ports()
        self._rotate_logs()
        database_url, redis_url = self._start_servers()
        self.env = self.plan.process_environment(database_url=database_url, redis_url=redis_url)
        sandbox = self._begin("sandbox-init", self._python("-m", "apps.sandbox", "init", *self._sandbox_addresses()))
        self._prepare(database_url)
        self._finish(sandbox, "sandbox-init")
        self.env |= read_env_file(self.plan.home / "sandbox" / "merchant.env")
        self._start_processes()
        self._await_ready()
        self._start_live_server()

    def tend(self) -> None:
        """
        Restart what died; call it a few times a second.

        :raises KeepsDying: if something dies again and again
        """
        for keeper in self.keepers:
            news = keeper.tend(time.time())
            if news:
                self.say(news)
                self._write_processes()
        self._end_hanging_relay()

    def stop(self) -> None:
        """Stop everything this suite started."""
        for helper in self._helpers:
            system.kill_session(helper.pid)
        for names in STOP_ORDER:
            leaving = [keeper for keeper in self.keepers if keeper.name in names]
            for keeper in leaving:
                keeper.ask_to_stop()
            for keeper in leaving:
                keeper.stop()
        self.keepers.clear()
        if self._lock is not None:
            (self.plan.run / "processes.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    # Before the start

    def claim_home(self) -> None:
        """
        Make sure that no other supervisor looks after the same home.

        :raises AlreadyRunning: if one does
        """
        self.plan.run.mkdir(parents=True, exist_ok=True)
        lock = (self.plan.run / "supervisor.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(self.plan.home) from None
        self._lock = lock

    def _end_leftovers(self) -> None:
        """After a supervisor was killed its children end by themselves; wait for that, then insist."""
        record = self.plan.run / "processes.json"
        if not record.exists():
            return
        for name, entry in json.loads(record.read_text())["processes"].items():
            system.wait_until(lambda: not _is_same(entry), seconds=15)  # noqa: B023 - used before the next turn
            if name != "postgres" and _is_same(entry):
                system.kill_session(entry["pid"])
            for process in _orphans(entry):
                process.kill()
        record.unlink()

    def _check_ports(self) -> None:
        plan = self.plan
        wanted = (("PORT", plan.port), ("SANDBOX_PORT", plan.sandbox_port), ("LIVE_PORT", plan.live_port))
        seen = set[int]()
        for variable, port in wanted:
            if port is None:
                continue
            if port in seen or not system.port_is_free(port):
                raise PortTaken(port, variable)
            seen.add(port)

    def _rotate_logs(self) -> None:
        for log in (self.plan.home / "logs").glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))

    # Steps of the start

    def _start_servers(self) -> tuple[str, str]:
        plan = self.plan
        database_url, redis_url = plan.database_url, plan.redis_url
        if not redis_url:
            cache = EmbeddedRedis(plan.home / "redis", log=plan.log("redis"))
            cache.prepare()
            keeper = self._keep("redis", cache.launch, ready=cache.answers)
            cache.wait(keeper.running())
            redis_url = cache.url
        if not database_url:
            server = EmbeddedPostgres(plan.home / "postgres", log=plan.log("postgres"))
            # A server whose supervisor was killed may still be shutting down.
            server.stop()
            server.prepare()
            keeper = self._keep(
                "postgres", server.launch, ready=server.answers, stop_signal=signal.SIGINT, stop_seconds=30
            )
            server.wait(keeper.running())
            if not server.has_database(DATABASE):
                server.create_database(DATABASE)
            database_url = server.url(DATABASE)
        return database_url, redis_url

    def _prepare(self, database_url: str) -> None:
        parts = prepare.pending(database_url=database_url, static_root=self.plan.static_root, scale=self.plan.scale)
        words = {"database": "tables and demo data", "static": "static files"}
        if parts:
            self.say(f"Preparing {' and '.join(words[part] for part in parts)}; this takes minutes the first time …")
        steps = [
            (f"prepare-{part}", self._begin(f"prepare-{part}", self._python("-m", "s2b2c.supervisor.prepare", part)))
            for part in parts
        ]
        for name, process in steps:
            self._finish(process, name)

    def _start_processes(self) -> None:
        plan = self.plan
        plan.relay_heartbeat.unlink(missing_ok=True)
        metrics = plan.run / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir()
        manage, celery = str(plan.project / "manage.py"), ("-m", "celery", "-A", "s2b2c")
        sandbox = self._python("-m", "apps.sandbox", "serve", *self._sandbox_addresses(serve=True))
        self._run("sandbox", sandbox, ready=lambda: answers(f"{plan.sandbox_url}/health"))
        self._run("web", self._python("-m", "gunicorn", "-c", "python:s2b2c.gunicorn", "s2b2c.wsgi:application"))
        self._run(
            "relay",
            self._python(manage, "run_relay", "--skip-checks", "--heartbeat", str(plan.relay_heartbeat)),
            ready=plan.relay_heartbeat.exists,
        )
        worker = (*celery, "worker", "-Q", QUEUES, "-c", "2", "-l", "info")
        self._run("worker", self._python(*worker, "--without-gossip", "--without-mingle", "-n", "worker@%h"))
        schedule = str(plan.run / "beat-schedule")
        self._run("beat", self._python(*celery, "beat", "-s", schedule, "--pidfile=", "-l", "info"))
        self._write_processes()

    def _start_live_server(self) -> None:
        """Last, and nobody waits for it: pages ask until it answers, and the shop is open without it."""
        plan = self.plan
        if plan.live_port is None:
            return
        bound = ("-k", "asgi", "-b", f"127.0.0.1:{plan.live_port}", "-w", "1", "--threads", "1")
        live = self._python("-m", "gunicorn", "-c", "python:s2b2c.gunicorn", *bound, "s2b2c.asgi:application")
        self._run("live", live, ready=lambda: answers(f"http://127.0.0.1:{plan.live_port}/live/health"))
        self._write_processes()

    def _await_ready(self, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        waiting, ailing = "web", dict[str, str]()
        while time.monotonic() < deadline:
            for keeper in self.keepers:
                keeper.check_first_start()
            silent = [keeper.name for keeper in self.keepers if not keeper.ready()]
            if not silent:
                status, health = read_health(self.plan.base_url)
                if status == 200 and health.get("status") == "ok":
                    return
                ailing = what_ails(health)
                waiting = next((keeper.name for keeper in self.keepers if keeper.name in ailing), "web")
            else:
                waiting = silent[0]
            time.sleep(0.1)
        why = ", ".join([f"not ready within {seconds:.0f} s", *(f"{name}: {text}" for name, text in ailing.items())])
        raise DidNotStart(waiting, why, system.tail(self.plan.log(waiting)))

    # Helpers

    def _sandbox_addresses(self, *, serve: bool = False) -> list[str]:
        home = ["--home", str(self.plan.home / "sandbox"), "--notify-base", self.plan.base_url]
        if serve:
            return [*home, "--port", str(self.plan.sandbox_port)]
        return [*home, "--base-url", self.plan.sandbox_url]

    def _python(self, *arguments: str) -> list[str]:
        return [sys.executable, *arguments]

    def _spawn(self, name: str, argv: list[str]) -> subprocess.Popen[bytes]:
        return system.spawn(argv, log=self.plan.log(name), cwd=self.plan.project, env=self.env)

    def _begin(self, name: str, argv: list[str]) -> subprocess.Popen[bytes]:
        process = self._spawn(name, argv)
        self._helpers.append(process)
        return process

    def _finish(self, process: subprocess.Popen[bytes], name: str) -> None:
        if process.wait() != 0:
            raise DidNotStart(name, f"exit {process.returncode}", system.tail(self.plan.log(name)))
        self._helpers.remove(process)

    def _run(self, name: str, argv: list[str], *, ready: Callable[[], bool] = lambda: True) -> None:
        self._keep(name, lambda: self._spawn(name, argv), ready=ready)

    def _keep(self, name: str, launch: Callable[[], subprocess.Popen[bytes]], **options: object) -> Keeper:
        keeper = Keeper(name, launch, self.plan.log(name), **options)  # type: ignore[arg-type]
        keeper.start()
        self.keepers.append(keeper)
        self._write_processes()
        return keeper

    def _write_processes(self) -> None:
        """Leave a note for tests, operators and the next supervisor."""
        records = {keeper.name: keeper.record() for keeper in self.keepers}
        note = {
            "supervisor": os.getpid(),
            "base_url": self.plan.base_url,
            "sandbox_url": self.plan.sandbox_url,
            "live_url": self.plan.live_url,
            "processes": {name: record for name, record in records.items() if record},
        }
        unfinished = self.plan.run / "processes.json.new"
        unfinished.write_text(json.dumps(note, indent=1))
        unfinished.replace(self.plan.run / "processes.json")

    def _end_hanging_relay(self) -> None:
        relay = next((keeper for keeper in self.keepers if keeper.name == "relay" and keeper.pid), None)
        if relay is None or time.time() - relay.started_at < RELAY_SILENCE:
            return
        beat = self.plan.relay_heartbeat
        if not beat.exists() or time.time() - beat.stat().st_mtime > RELAY_SILENCE:
            self.say(f"relay has been silent for {RELAY_SILENCE:.0f} s; ending it")
            system.kill_session(relay.running().pid)


def answers(url: str) -> bool:
    """Whether a GET of ``url`` is answered with 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except OSError:
        return False


def read_health(base_url: str) -> tuple[int, dict]:
    """Status and body of ``/health/ready``; status 0 while nobody answers."""
    try:
        with urllib.request.urlopen(f"{base_url}/health/ready", timeout=5) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as refusal:
        return refusal.code, _read_body(refusal)
    except (OSError, ValueError):
        return 0, {}


def _read_body(answer: urllib.error.HTTPError) -> dict:
    try:
        return json.load(answer)
    except (OSError, ValueError):
        return {}


def what_ails(health: dict) -> dict[str, str]:
    """Name the dependencies that ``/health/ready`` calls unwell, each with its own words."""
    checks = health.get("checks", {}).items()
    return {name: entry["detail"] for name, entry in checks if entry["status"] != "ok"}


def _is_same(entry: dict) -> bool:
    try:
        process = psutil.Process(entry["pid"])
        return process.create_time() == entry["born"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _orphans(entry: dict) -> list[psutil.Process]:
    """What is left of a dead leader's session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == entry["pid"] and process.create_time() >= entry["born"]:
                found.append(process)
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    return found


def project_directory() -> Path:
    """The checkout this code lies in."""
    return Path(__file__).resolve().parent.parent.parent
