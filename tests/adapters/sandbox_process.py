"""
Start and stop the provider sandbox as the process it is.

    with running_sandbox(home, notify_base=receiver.url) as sandbox:
        sandbox.env["WECHATPAY_MCHID"]
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

PROJECT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 20.0
STOP_SECONDS = 10.0
# Nothing here leaves the machine, whatever proxy the environment names.
OPENER = build_opener(ProxyHandler({}))


@dataclass
class SandboxProcess:
    """A sandbox that runs; ``env`` is what its ``init`` wrote for the merchant."""

    home: Path
    port: int
    notify_base: str
    # Multiplies the waits between attempts to notify: WeChat Pay's first 15 s become 0.15 s.
    retry_scale: float = 0.01
    env: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.home / "sandbox.log"

    def start(self) -> None:
        """Issue keys where there are none, serve, and wait until it answers."""
        places = ["--home", str(self.home), "--notify-base", self.notify_base]
        self._run("init", *places, "--base-url", self.base_url).wait(START_SECONDS)
        lines = (self.home / "merchant.env").read_text(encoding="utf-8").splitlines()
        self.env = dict(line.split("=", 1) for line in lines)
        self.process = self._run("serve", *places, "--port", str(self.port), "--retry-scale", str(self.retry_scale))
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the sandbox did not start:\n{self.log_file.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Stop it as a supervisor would; return its exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        code = self.process.wait(STOP_SECONDS)
        self.process = None
        return code

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
            self.process = None

    def control(self, action: str, **values: Any) -> dict[str, Any]:
        """Ask ``/_control/`` for trouble, or for its end."""
        return self.post_json("/_control/", {"action": action, **values})[1]

    def deliveries(self) -> list[dict[str, Any]]:
        """Return what was and will be notified, latest first."""
        return json.loads(self.get("/_control/")[1])["deliveries"]

    def decide(self, cashier_url: str, **decision: Any) -> dict[str, Any]:
        """Play the buyer at the cashier: ``result``, ``notify`` and perhaps ``delay_seconds``."""
        return self.post_json(cashier_url, decision)[1]

    def post_json(self, address: str, values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, body = self.request(address, json.dumps(values).encode(), {"Content-Type": "application/json"})
        return status, json.loads(body)

    def get(self, address: str) -> tuple[int, bytes]:
        return self.request(address)

    def request(
        self, address: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Ask an address of the sandbox, given whole or from its root on."""
        url = address if "://" in address else self.base_url + address
        try:
            request = Request(url, data=body, headers=headers or {})  # noqa: S310  our own loopback address
            with OPENER.open(request, timeout=10) as response:
                return response.status, response.read()
        except HTTPError as error:
            return error.code, error.read()

    def _is_healthy(self) -> bool:
        try:
            return self.get("/health")[0] == 200
        except (URLError, ConnectionError):
            return False

    def _run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "apps.sandbox", *arguments],
                cwd=PROJECT,
                stdout=log,
                stderr=log,
                # Its own environment: what the suite's settings read is no business of the sandbox.
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"},
            )


def find_free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_sandbox(
    home: Path, *, notify_base: str, port: int | None = None, retry_scale: float = 0.01
) -> Iterator[SandboxProcess]:
    """Run a sandbox for the length of the block."""
    sandbox = SandboxProcess(home=home, port=port or find_free_port(), notify_base=notify_base, retry_scale=retry_scale)
    sandbox.start()
    try:
        yield sandbox
    finally:
        sandbox.stop()
