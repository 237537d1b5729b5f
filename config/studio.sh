#!/bin/sh
# Make the studio's own environment, once: Blender's module needs Python 3.11 and about 1.5 GB; the shop needs none of it.
set -eu
python="$1"
if [ -x "$python" ]; then exit 0; fi
case "$python" in
    .local/studio/venv/bin/python) ;;
    *) echo "STUDIO_PYTHON=$python does not exist." >&2; exit 1 ;;
esac
base="$(command -v python3.11 || echo .venv/bin/python)"
"$base" -m venv .local/studio/venv
"$python" -m pip install --quiet --disable-pip-version-check -r apps/studio/requirements.txt
