"""
Photograph goods: ``python -m apps.studio.goods {parts,packages,interiors} [key …]``.

Needs the studio's own environment (bpy, scikit-image, Pillow); run from the repository's root. Pictures that are there
are left alone unless they are named, so that a command that was cut off can be given again. The PNGs stay in the
system's temporary directory, with a sheet of all that were made to look at.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from apps.studio.goods import shelves  # noqa: F401  (registers the builders)
from apps.studio.goods.delivery import PARTS, contact_sheet, deliver, is_delivered, write_index
from apps.studio.goods.piece import GOODS


def main() -> None:
    options = _options()
    os.nice(19)
    _parts(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m apps.studio.goods")
    parser.add_argument("what", choices=("parts", "packages", "interiors"))
    parser.add_argument("keys", nargs="*")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--width", type=int, default=800)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _parts(options: argparse.Namespace) -> None:
    from apps.studio.goods.stage import Stage

    keys = options.keys or [key for key in sorted(GOODS) if not is_delivered(PARTS, key)]
    stage = Stage(samples=options.samples, threads=options.threads)
    folder = Path(tempfile.gettempdir()) / "studio-goods"
    for key in keys:
        target = folder / f"{key}.png"
        _photograph(stage, key, target, width=options.width)
        deliver(target, PARTS, key)
        write_index(PARTS)
    contact_sheet([folder / f"{key}.png" for key in keys], folder / "sheet.png")


def _photograph(stage, key: str, target: Path, *, width: int) -> None:
    started = time.monotonic()
    lot = GOODS[key]
    stage.photograph(lot, lot.build(), target, width=width)
    sys.stdout.write(f"{key} {time.monotonic() - started:.1f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
