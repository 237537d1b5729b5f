"""What we ask of the operating system: children that die with us, users, free ports, short socket paths."""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psutil

PR_SET_PDEATHSIG = 1
# A Unix socket's whole path must fit in 108 bytes; PostgreSQL appends "/.s.PGSQL.5432.lock" to its directory.
LONGEST_SOCKET_DIRECTORY = 85
DATABASE_USER = "s2b2c-postgres"

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sig: int) -> None:
    """Ask the kernel to send this process ``sig`` when its parent ends, however it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0)


def spawn(
    argv: list[str],
    *,
    log: Path,
    cwd: Path,
    env: dict[str, str] | None = None,
    user: str | None = None,
    parent_death_signal: int | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """
    Start ``argv`` in a session of its own with its output appended to ``log``.

    ``parent_death_signal`` is what it gets when we are killed; None lets it outlive us. ``user`` needs root.
    """
    identity = pwd.getpwnam(user) if user else None

    def prepare() -> None:
        if identity is not None:
            os.setgroups([])
            os.setgid(identity.pw_gid)
            os.setuid(identity.pw_uid)
        if parent_death_signal is not None:
            # After setuid: changing the user clears the wish.
            die_with_parent(parent_death_signal)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=prepare,
        )


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Poll ``condition`` until it holds (True) or ``seconds`` have passed (False)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return condition()


def package_directory(package: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def tail(log: Path, lines: int = 25) -> str:
    """The last ``lines`` of a log file, or nothing if there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 16_384))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A TCP port on the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether we could listen on ``port`` of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def is_alive(pid: int) -> bool:
    """Whether ``pid`` runs (a zombie does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_session(leader_pid: int) -> None:
    """Kill at once whatever is left of the session that ``leader_pid`` leads or led."""
    try:
        os.killpg(leader_pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def short_directory(directory: Path) -> Path:
    """``directory`` itself if a Unix socket's path fits there, else a short stand-in for it under /tmp."""
    if len(os.fsencode(directory)) <= LONGEST_SOCKET_DIRECTORY:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"s2b2c-{os.getuid()}-{digest}"


def database_user() -> str | None:
    """The user PostgreSQL runs as: ourselves (None), or a user of its own where we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(DATABASE_USER).pw_name
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", DATABASE_USER]
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(DATABASE_USER).pw_name
    except KeyError:
        return "nobody"


def make_traversable(path: Path) -> None:
    """Let other users pass through (not read) every directory above ``path``."""
    for directory in path.resolve().parents:
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            directory.chmod(mode | stat.S_IXOTH)


def make_readable(tree: Path) -> None:
    """Let other users read ``tree``, which a strict umask may have kept from them."""
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
