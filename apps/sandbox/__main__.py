"""``python -m apps.sandbox init`` and ``serve``."""

import argparse
import signal
import sys
from pathlib import Path

import uvicorn

from .application import build_application
from .home import Home

# Requests that a paused provider never answers must not keep the process alive.
GRACE_SECONDS = 3


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m apps.sandbox", description="Stand-ins for outside providers.")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="create keys once, write merchant.env every time")
    serve = commands.add_parser("serve", help="run the stand-ins")
    for command in (init, serve):
        command.add_argument("--home", type=Path, required=True, help="directory with keys and stores")
        command.add_argument("--notify-base", required=True, help="where the merchant's /hooks/ are")
    init.add_argument("--base-url", required=True, help="where the sandbox will listen")
    serve.add_argument("--base-url", default="", help="how others reach it; default http://HOST:PORT")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, required=True)
    serve.add_argument("--retry-scale", type=float, default=1.0, help="multiplies the waits between attempts to notify")
    given = parser.parse_args()
    if given.command == "init":
        home = Home(given.home)
        written = home.write_merchant_env(home.issue(), base_url=given.base_url)
        sys.stdout.write(f"{written}\n")
        return
    application = build_application(
        home=given.home,
        base_url=given.base_url or f"http://{given.host}:{given.port}",
        notify_base=given.notify_base,
        retry_scale=given.retry_scale,
    )
    # uvicorn raises the signal again once it has shut down; by then there is nothing left to interrupt.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.signal(signal.SIGINT, lambda *_: None)
    uvicorn.run(
        application,
        host=given.host,
        port=given.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
