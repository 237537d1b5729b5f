#!/bin/sh
# Sets up what a make target needs, and nothing that is there already:  sh config/setup.sh run|check|test
#   run    .venv with requirements.txt
#   check  and requirements-dev.txt
#   test   and Chromium with Chinese fonts
# Needs Python 3.11 (PYTHON=/path/to/it if it hides). As root, or with sudo that asks nothing, missing Debian packages
# are installed; otherwise one line says which.
set -eu
umask 022
level=${1:-run}
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONNOUSERSITE=1
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV || true
venv_python=.venv/bin/python

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

apt_updated=
install_packages() {
    if [ "$(id -u)" = 0 ]; then as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"
    else fail "Missing: $*. Install with: sudo apt-get install $*"
    fi
    command -v apt-get >/dev/null 2>&1 || fail "Missing: $*. Install it with this system's package manager."
    say "Installing $* …"
    apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
    if [ -z "$apt_updated" ]; then
        $apt update >/dev/null || say "apt-get update failed; trying with the lists that are here."
        apt_updated=1
    fi
    $apt install --no-install-recommends "$@" >/dev/null || fail "Could not install $*. Install with: apt-get install $*"
}

is_python_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_python_311 "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11."
        echo "$PYTHON"
        return
    fi
    for candidate in python3.11 python3 python /usr/bin/python3.11 /usr/local/bin/python3.11 /usr/local/bin/python3 \
        "${HOME:-/root}"/.pyenv/versions/3.11*/bin/python3.11 /root/.pyenv/versions/3.11*/bin/python3.11 \
        /opt/*/bin/python3.11; do
        if is_python_311 "$candidate"; then echo "$candidate"; return; fi
    done
}

make_venv() {
    if [ -x $venv_python ] && is_python_311 $venv_python; then return; fi
    python=$(find_python)
    if [ -z "$python" ]; then
        install_packages python3.11
        python=python3.11
    fi
    # Debian keeps ensurepip, which the venv module needs, in a package of its own.
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then install_packages python3.11-venv; fi
    say "Creating .venv with $("$python" --version) …"
    rm -rf .venv
    "$python" -m venv .venv || fail "Could not create .venv with $python. Debian needs: apt-get install python3.11-venv"
}

# uv reads no pip settings: hand it the index, the links and the certificates that pip was told about.
pip_setting() {
    echo "$pip_settings" | $venv_python -c '
import ast, sys
wanted, found = sys.argv[1], ""
for line in sys.stdin:
    name, _, value = line.partition("=")
    if name.rpartition(".")[2].strip() == wanted:
        found = " ".join(str(ast.literal_eval(value.strip())).split())
print(found)' "$1"
}
configure_uv() {
    pip_settings=$($venv_python -m pip config list 2>/dev/null || true)
    index=$(pip_setting index-url); extra=$(pip_setting extra-index-url); links=$(pip_setting find-links)
    cert=$(pip_setting cert)
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
    if [ -n "$extra" ]; then export UV_INDEX="${UV_INDEX:-$extra}"; fi
    if [ -n "$links" ]; then UV_FIND_LINKS="${UV_FIND_LINKS:-$(echo "$links" | tr ' ' ',')}"; export UV_FIND_LINKS; fi
    if [ -n "$cert" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"; fi
    # With several indexes every one may offer a pinned file; its hash decides.
    export UV_INDEX_STRATEGY=unsafe-best-match UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-120}"
    if [ -z "${HOME:-}" ]; then export UV_NO_CACHE=1; fi
}

install_pins() {
    stamp=.venv/.installed
    # What was installed for the tests serves a demo as well.
    if [ -f $stamp ] && ! sha256sum requirements-bootstrap.txt "$@" | grep -qvxFf $stamp; then return; fi
    # And what the tests had stays up to date with the rest.
    if [ -f $stamp ] && grep -q 'requirements-dev.txt$' $stamp; then set -- requirements.txt requirements-dev.txt; fi
    say "Installing Python packages …"
    rm -f $stamp
    if ! .venv/bin/uv --version >/dev/null 2>&1; then
        $venv_python -m pip --version >/dev/null 2>&1 || $venv_python -m ensurepip >/dev/null
        $venv_python -m pip install -q --require-hashes --only-binary :all: -r requirements-bootstrap.txt ||
            fail "pip could not install uv; is a package index within reach?"
    fi
    configure_uv
    sync="pip sync -q --require-hashes --python $venv_python requirements-bootstrap.txt"
    # shellcheck disable=SC2086 - a list of words
    .venv/bin/uv $sync "$@" || .venv/bin/uv $sync "$@" ||
        $venv_python -m pip install -q --require-hashes -r requirements-bootstrap.txt $(printf -- '-r %s ' "$@") ||
        fail "Could not install the pinned packages; is a package index within reach?"
    sha256sum requirements-bootstrap.txt "$@" >$stamp
}

missing_fonts() {
    if ! ls /usr/share/fonts/opentype/noto/NotoSansCJK-*.ttc >/dev/null 2>&1; then echo fonts-noto-cjk; fi
}

# What lays out quotes, contracts and labels as PDF. The suite runs without it and says so where one is asked for.
install_printing() {
    missing=$(missing_fonts)
    if ! ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1; then missing="$missing libpango-1.0-0 libpangoft2-1.0-0"; fi
    if ! ls /usr/lib/*/libharfbuzz-subset.so.0 >/dev/null 2>&1; then missing="$missing libharfbuzz-subset0"; fi
    # shellcheck disable=SC2086 - a list of words
    if [ -n "$missing" ]; then (install_packages $missing) || say "Until then no PDF is printed; everything else works."; fi
}

install_browser() {
    missing=$(missing_fonts)
    [ -x /usr/bin/chromium-headless-shell ] || [ -x /usr/bin/chromium ] || missing="$missing chromium-headless-shell"
    # shellcheck disable=SC2086 - a list of words
    if [ -n "$missing" ]; then install_packages $missing; fi
}

# Two demos may start at once in a new checkout: one of them sets up, the other waits. The script itself is the lock.
if command -v flock >/dev/null 2>&1; then
    exec 9<config/setup.sh
    flock 9
fi

make_venv
case $level in
run)
    install_pins requirements.txt
    install_printing
    ;;
check) install_pins requirements.txt requirements-dev.txt ;;
test)
    install_pins requirements.txt requirements-dev.txt
    install_printing
    install_browser
    ;;
*) fail "usage: sh config/setup.sh run|check|test" ;;
esac
