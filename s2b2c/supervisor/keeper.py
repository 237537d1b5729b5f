"""One child process that is started, watched, restarted when it dies, and stopped."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from s2b2c.supervisor import system
from s2b2c.supervisor.errors import DidNotStart, KeepsDying

# A life shorter than this (seconds) counts as a failed start.
SHORT_LIFE = 10.0
MOST_SHORT_LIVES = 6
LONGEST_PAUSE = 8.0


@dataclass
class Keeper:
    """Keeps ``name`` alive. ``launch`` starts it; ``ready`` says whether it does its work yet."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    log: Path
    ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0
    short_lives: int = field(default=0, repr=False)
    restart_at: float | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process and return at once."""
        self.process = self.launch()
        self.started_at = time.time()
        self.restart_at = None

    def tend(self, now: float) -> str | None:
        """
        Look after the process; a line for the operator if there is news.

        :raises KeepsDying: after MOST_SHORT_LIVES lives shorter than SHORT_LIFE in a row
        """
        if self.restart_at is not None:
            if now < self.restart_at:
                return None
            self.restarts += 1
            self.start()
            return f"{self.name} started again (pid {self.pid})"
        if self.process is None or self.process.poll() is None:
            return None
        # Children of a killed parent would keep its port and its work.
        system.kill_session(self.process.pid)
        lived = now - self.started_at
        self.short_lives = self.short_lives + 1 if lived < SHORT_LIFE else 1
        if self.short_lives >= MOST_SHORT_LIVES:
            raise KeepsDying(self.name, self.short_lives, system.tail(self.log))
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** (self.short_lives - 1))
        self.restart_at = now + pause
        return f"{self.name} ended ({_how(self.process.returncode)}) after {lived:.0f} s; starts again in {pause:.2g} s"

    def check_first_start(self) -> None:
        """
        Refuse to wait any longer for a process that ended before the suite was ready.

        :raises DidNotStart: if it has ended
        """
        if self.process is not None and self.process.poll() is not None:
            raise DidNotStart(self.name, _how(self.process.returncode), system.tail(self.log))

    def ask_to_stop(self) -> None:
        """Send the signal that ends it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Wait for it to end after ``ask_to_stop``, and kill what is left of it."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        system.kill_session(self.process.pid)
        self.process = None

    def running(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        if self.process is None:
            raise DidNotStart(self.name, "nobody started it")
        return self.process

    @property
    def pid(self) -> int | None:
        """The process id, while it lives."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def record(self) -> dict[str, object] | None:
        """What a later supervisor needs to recognize this process."""
        if self.pid is None:
            return None
        try:
            born = psutil.Process(self.pid).create_time()
        except psutil.NoSuchProcess:
            return None
        return {"pid": self.pid, "born": born, "restarts": self.restarts, "log": str(self.log)}


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"killed by {signal.Signals(-returncode).name}"
    return f"exit {returncode}"
