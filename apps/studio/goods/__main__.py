"""
Photograph goods: ``python -m apps.studio.goods {parts,packages,interiors,all} [key …]``.

Needs the studio's own environment (``make pictures`` makes it). A picture that was taken at least as finely as
asked for is left alone unless it is named or ``--again`` is given: a command that was cut off is given again.
"""

import argparse
import logging
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from apps.studio.goods import shelves  # noqa: F401  (registers the builders)
from apps.studio.goods.delivery import INTERIORS, PACKAGES, PARTS, contact_sheet, deliver, is_delivered, write_index
from apps.studio.goods.packages import PACKAGES as STILL_LIFES
from apps.studio.goods.piece import GOODS, Goods

log = logging.getLogger("studio.goods")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read what is asked for and photograph it."""
    parser = argparse.ArgumentParser(prog="python -m apps.studio.goods", description=__doc__)
    parser.add_argument("what", choices=("parts", "packages", "interiors", "all"))
    parser.add_argument("keys", nargs="*")
    parser.add_argument("--again", action="store_true", help="make anew what is there")
    parser.add_argument("--samples", type=int, default=24)
    parser.add_argument("--width", type=int, default=800)
    parser.add_argument("--panorama-width", type=int, default=4096)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    os.nice(max(0, 19 - os.nice(0)))
    if asked.what in ("parts", "all"):
        _photograph(GOODS, PARTS, asked)
    if asked.what in ("packages", "all"):
        _photograph(STILL_LIFES, PACKAGES, asked)
    if asked.what == "interiors" or (asked.what == "all" and not asked.keys):
        _interiors(asked)


def _photograph(lots: Mapping[str, Goods], folder: Path, asked: argparse.Namespace) -> None:
    from apps.studio.goods.stage import Stage

    fineness = {"width": asked.width, "samples": asked.samples}
    missing = [key for key in sorted(lots) if asked.again or not is_delivered(folder, key, **fineness)]
    keys = [key for key in asked.keys if key in lots] if asked.keys else missing
    if not keys:
        return
    stage = Stage(samples=asked.samples, threads=asked.threads)
    work = _work()
    for key in keys:
        started = time.monotonic()
        stage.photograph(lots[key], lots[key].build(), work / f"{key}.png", width=asked.width)
        deliver(work / f"{key}.png", folder, key)
        write_index(folder, [key], **fineness)
        log.info("%s %.1f s", key, time.monotonic() - started)
    contact_sheet([work / f"{key}.png" for key in keys], work / f"{folder.name}.png")


def _interiors(asked: argparse.Namespace) -> None:
    from apps.studio.goods.interior_shots import photograph_interiors, read_interiors

    codes = read_interiors()
    fineness = {"width": asked.panorama_width, "samples": asked.samples}
    if not asked.again and all(is_delivered(INTERIORS, code, **fineness) for code in codes):
        return
    photograph_interiors(
        _work(), samples=asked.samples, threads=asked.threads, panorama_width=asked.panorama_width, codes=codes
    )
    write_index(INTERIORS, list(codes), **fineness)


def _work() -> Path:
    """Where the PNGs lie, to be looked at."""
    folder = Path(tempfile.gettempdir()) / "studio-goods"
    folder.mkdir(exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
