#!/bin/sh
# Compiles requirements*.in to exact versions with hashes:  sh config/pins.sh [--upgrade-package NAME | --upgrade]
set -eu
cd "$(dirname "$0")/.."
compile="uv pip compile -q --generate-hashes --python-version 3.11"
PATH="$PWD/.venv/bin:$PATH"
$compile "$@" requirements.in -o requirements.txt
$compile "$@" requirements-dev.in -o requirements-dev.txt
