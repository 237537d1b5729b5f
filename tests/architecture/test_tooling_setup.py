"""Set-up: does nothing twice, installs what is missing where it may, and says one line where it may not."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
PINS = ("requirements-bootstrap.txt", "requirements.txt", "requirements-dev.txt")
# A Python 3.11 as Debian splits it: the venv module lacks its ensurepip.
PYTHON_WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexit 0\n'


@pytest.fixture
def checkout(tmp_path):
    """A checkout with the script and the pins only, and a folder of commands that hide the machine's own."""
    folder = tmp_path / "checkout"
    (folder / "config").mkdir(parents=True)
    shutil.copy(PROJECT / "config" / "setup.sh", folder / "config")
    for name in PINS:
        shutil.copy(PROJECT / name, folder)
    (tmp_path / "bin").mkdir()
    return folder


@pytest.fixture
def command(checkout):
    def write(name: str, script: str) -> Path:
        path = checkout.parent / "bin" / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    return write


@pytest.fixture
def run_setup(checkout):
    def run(level: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": f"{checkout.parent / 'bin'}:/usr/bin:/bin", "HOME": str(checkout.parent), **environment}
        command = ["/bin/sh", str(checkout / "config" / "setup.sh"), level]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    return run


def pretend_installed(checkout: Path, names: tuple[str, ...]) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    python = checkout / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    lines = [f"{hashlib.sha256((checkout / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (checkout / ".venv" / ".installed").write_text("".join(lines))


@pytest.mark.parametrize(("level", "installed"), [("run", PINS), ("run", PINS[:2]), ("check", PINS)])
def test_does_nothing_where_all_is_there(checkout, run_setup, level, installed):
    pretend_installed(checkout, installed)
    done = run_setup(level)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("level", "installed", "changed"), [("check", PINS[:2], None), ("run", PINS, "requirements.txt")]
)
def test_installs_when_pins_are_new(checkout, run_setup, level, installed, changed):
    pretend_installed(checkout, installed)
    if changed:
        (checkout / changed).write_text("# other pins\n")
    done = run_setup(level)
    assert "Installing Python packages" in done.stdout
    assert "parameter not set" not in done.stderr


def test_without_root_it_says_in_one_line_what_to_install(command, run_setup):
    command("id", "#!/bin/sh\necho 1000\n")
    command("sudo", "#!/bin/sh\nexit 1\n")
    python = command("python3.11", PYTHON_WITHOUT_VENV)

    done = run_setup("run", PYTHON=str(python))

    assert done.returncode == 1
    assert done.stderr == "Missing: python3.11-venv. Install with: sudo apt-get install python3.11-venv\n"


@pytest.mark.parametrize(("user", "prefix"), [("0", ""), ("1000", "sudo ")])
def test_with_root_or_silent_sudo_it_installs_with_apt(command, run_setup, tmp_path, user, prefix):
    record = tmp_path / "record"
    command("id", f"#!/bin/sh\necho {user}\n")
    command("sudo", f'#!/bin/sh\n[ "$2" = true ] || printf "sudo " >>{record}\nshift; exec "$@"\n')
    command("apt-get", f'#!/bin/sh\necho "$@" >>{record}\n')
    python = command("python3.11", PYTHON_WITHOUT_VENV)

    run_setup("run", PYTHON=str(python))

    calls = [re.sub(r"-o \S+ ", "", line) for line in record.read_text().splitlines()]
    assert calls == [f"{prefix}-q -y update", f"{prefix}-q -y install --no-install-recommends python3.11-venv"]


def test_a_python_of_another_version_is_refused(command, run_setup):
    python = command("python3.12", "#!/bin/sh\nexit 1\n")
    done = run_setup("run", PYTHON=str(python))
    assert (done.returncode, done.stderr) == (1, f"PYTHON={python} is not Python 3.11.\n")


def test_every_pin_has_a_hash_and_the_pins_agree():
    seen: dict[str, str] = {}
    for name in PINS:
        text = (PROJECT / name).read_text()
        blocks = re.findall(r"^([a-z0-9][\w.-]*)==(\S+)((?: \\\n\s+--hash=sha256:[0-9a-f]{64})+)", text, re.MULTILINE)
        assert len(blocks) == len(re.findall(r"^[a-z0-9][\w.-]*(\[.*\])?==", text, re.MULTILINE))
        for package, version, _ in blocks:
            assert seen.setdefault(package, version) == version, package
    assert {"django", "uv", "pytest"} <= set(seen)


def test_make_knows_its_targets():
    listing = subprocess.run(
        ["/usr/bin/make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True, env={"PATH": os.defpath}
    )
    targets = {line.split()[0] for line in listing.stdout.splitlines()}
    assert {"demo", "test", "check", "format", "messages", "schema", "pins"} <= targets
