"""Refusals of the supervisor; each is one line that tells an operator what to do."""


class SupervisorError(Exception):
    """The suite cannot start or keep running; the message says why and what helps."""


class PortTaken(SupervisorError):
    """Another process listens where we were told to listen."""

    def __init__(self, port: int, variable: str = "PORT") -> None:
        super().__init__(f"Port {port} is taken. Choose another one: make demo {variable}={port + 10}")


class AlreadyRunning(SupervisorError):
    """A supervisor already looks after this home."""

    def __init__(self, home: object) -> None:
        super().__init__(f"A suite already runs on {home}. Stop it first, or choose another S2B2C_HOME.")


class DidNotStart(SupervisorError):
    """A process ended or stayed silent while we waited for it."""

    def __init__(self, name: str, why: str, log_tail: str = "") -> None:
        super().__init__(f"{name} did not start: {why}" + (f"\n{log_tail}" if log_tail else ""))


class KeepsDying(SupervisorError):
    """A process died again and again right after its start."""

    def __init__(self, name: str, times: int, log_tail: str) -> None:
        super().__init__(f"{name} died {times} times in a row soon after its start; giving up.\n{log_tail}")
