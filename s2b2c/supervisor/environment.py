"""The environment that every process of the suite gets."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from s2b2c.supervisor import system
from s2b2c.supervisor.errors import SupervisorError

# From PORT to the live server's own choice: below the ports that systems hand out, and out of the way of other demos.
LIVE_DISTANCE = 20_000
SCALES = ("demo", "small", "large")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where a suite lives and what it is connected to."""

    project: Path
    home: Path
    port: int
    sandbox_port: int
    scale: str
    static_root: Path
    database_url: str | None
    redis_url: str | None
    # Where the live server listens; None: there is none, and open pages ask every few seconds.
    live_port: int | None = None

    @classmethod
    def from_environment(cls, project: Path, env: Mapping[str, str]) -> "Plan":
        """
        Read PORT, SANDBOX_PORT, LIVE_PORT, S2B2C_HOME, SCALE, DATABASE_URL, REDIS_URL and STATIC_ROOT.

        The live server listens where LIVE_PORT says (``off``: there is none), or on a port of its own choice: pages are
        told where, so that demos beside each other need no third number.

        :raises SupervisorError: if one of them makes no sense
        """
        home = Path(env.get("S2B2C_HOME") or project / ".local").expanduser().resolve()
        port = _port(env, "PORT", 8000)
        scale = env.get("SCALE") or "demo"
        if scale not in SCALES:
            raise SupervisorError(f"SCALE is {scale!r}; it can be {', '.join(SCALES)}.")
        return cls(
            project=project,
            home=home,
            port=port,
            sandbox_port=_port(env, "SANDBOX_PORT", port + 1),
            scale=scale,
            static_root=Path(env.get("STATIC_ROOT") or home / "static"),
            database_url=env.get("DATABASE_URL") or None,
            redis_url=env.get("REDIS_URL") or None,
            live_port=None if env.get("LIVE_PORT") == "off" else _port(env, "LIVE_PORT", _live_port(port)),
        )

    @property
    def base_url(self) -> str:
        """The address of the web process, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The address of the provider sandbox, without a slash at the end."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def live_url(self) -> str:
        """Where browsers open live connections; "" without a live server."""
        return f"ws://127.0.0.1:{self.live_port}" if self.live_port is not None else ""

    @property
    def run(self) -> Path:
        """Files that describe the running processes."""
        return self.home / "run"

    @property
    def relay_heartbeat(self) -> Path:
        """The file that the relay touches while it works."""
        return self.run / "relay.heartbeat"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.home / "logs" / f"{name}.log"

    def process_environment(self, *, database_url: str, redis_url: str) -> dict[str, str]:
        """What all processes share, on top of the supervisor's own environment."""
        env = {
            # A demo's settings must not leak from a shell that works on production.
            "DJANGO_SETTINGS_MODULE": "s2b2c.settings.dev",
            "S2B2C_DEMO": "1",
            "S2B2C_HOME": str(self.home),
            "SCALE": self.scale,
            "PORT": str(self.port),
            "SITE_URL": self.base_url,
            "HOOKS_BASE_URL": self.base_url,
            "LIVE_URL": self.live_url,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "STATIC_ROOT": str(self.static_root),
            "RELAY_HEARTBEAT_FILE": str(self.relay_heartbeat),
            "PROMETHEUS_MULTIPROC_DIR": str(self.run / "metrics"),
            "PYTHONUNBUFFERED": "1",
        }
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return inherited | env


def read_env_file(path: Path) -> dict[str, str]:
    """Read ``NAME=value`` lines as a shell would, without running anything."""
    values = {}
    for line in path.read_text().splitlines():
        for word in shlex.split(line, comments=True):
            name, equals, value = word.partition("=")
            if equals:
                values[name.removeprefix("export ")] = value
    return values


def _live_port(port: int) -> int:
    """The same at every start where possible: pages that lie in the cache name it in their content policy."""
    usual = port + LIVE_DISTANCE
    return usual if usual < 65536 and system.port_is_free(usual) else system.free_port()


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise SupervisorError(f"{name} is {text!r}; it must be a port number.")
    return int(text)
