"""The foreground of ``make demo``: ``python -m s2b2c.supervisor [--follow-parent]``."""

import argparse
import os
import signal
import sys
import time
from types import FrameType

from s2b2c.supervisor import system
from s2b2c.supervisor.environment import Plan
from s2b2c.supervisor.errors import SupervisorError
from s2b2c.supervisor.suite import Suite, project_directory

PASSWORD = "demo-pass-2026"  # noqa: S105 - published in the contract; production refuses to start with these accounts
SECOND_FACTOR = "JBSWY3DPEHPK3PXP"
SURFACES = (
    ("/", "storefront", "consumer@demo.example  consumer2@demo.example"),
    ("/dealer/", "dealer portal", "dealer@demo.example  clerk@demo.example  dealer2@demo.example"),
    ("/supplier/", "supplier portal", "supplier@demo.example  supplier2@demo.example"),
    ("/admin/", "HQ", "hq@demo.example *  auditor@demo.example *"),
    ("/cms/", "editors", "editor@demo.example"),
    ("/api/v1/docs/", "API", "schema at /api/v1/schema/"),
    ("/health/ready", "health", ""),
)


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM; like KeyboardInterrupt, nothing but the outermost code handles it."""


def main() -> int:
    """Run the suite until asked to stop; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m s2b2c.supervisor", description=__doc__)
    parser.add_argument("--follow-parent", action="store_true", help="stop when the process that started this ends")
    if parser.parse_args().follow_parent:
        system.die_with_parent(signal.SIGTERM)
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, _ask_to_stop)
    suite = None
    try:
        suite = Suite(Plan.from_environment(project_directory(), os.environ), say=say)
        suite.start()
        print_table(suite.plan)
        while True:
            suite.tend()
            time.sleep(0.2)
    except StopAsked:
        return 0
    except SupervisorError as refusal:
        say(str(refusal))
        return 1
    finally:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, signal.SIG_IGN)
        if suite is not None:
            stop(suite)


def stop(suite: Suite) -> None:
    """Stop the suite and say so, unless there is nothing to stop."""
    if not suite.keepers:
        suite.stop()
        return
    say("Stopping …")
    suite.stop()
    say("Stopped.")


def say(line: str) -> None:
    """Tell the operator, at once."""
    print(line, flush=True)


def print_table(plan: Plan) -> None:
    """Print where everything is and who may sign in."""
    say(f"Ready: {plan.base_url}/\n")
    width = len(plan.base_url) + 15
    for path, name, accounts in SURFACES:
        say(f"  {plan.base_url + path:<{width}} {name:<16} {accounts}")
    say(f"  {plan.sandbox_url + '/':<{width}} {'provider sandbox':<16} (WeChat Pay, Alipay, Stripe, SMS stand-ins)")
    say(f"\n  Password of every account: {PASSWORD}")
    say(f"  * asks for a second factor; its TOTP secret is {SECOND_FACTOR}")
    say(f"  Data, logs and mail: {plan.home}\n\nCtrl-C stops everything.")


def _ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
    raise StopAsked


if __name__ == "__main__":
    sys.exit(main())
