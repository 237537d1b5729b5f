"""
The maintainer's command: ``make pictures``, or ``python -m apps.studio <what> [series or body types]``.

Everything is resumable: what was shot from the same code and the same description is not shot again.
"""

import argparse
import logging
import os

from apps.studio import plan

log = logging.getLogger("studio")
SPIN_PAINTS = {
    "sedan": ("paint-celadon", "paint-inkstone"),
    "suv": ("paint-pine", "paint-glacier"),
    "mpv": ("paint-rime", "paint-twilight"),
    "pickup": ("paint-dune", "paint-inkstone"),
    "coupe": ("paint-cinnabar", "paint-glacier"),
}


def main() -> None:
    """Read what is asked for, and do it one car after another."""
    parser = argparse.ArgumentParser(prog="python -m apps.studio", description=__doc__)
    parser.add_argument("what", choices=["stills", "spins", "models", "develop", "sheet", "goods", "all"])
    parser.add_argument("names", nargs="*", help="series, body types for spins, keys of goods; all without any")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--spin-samples", type=int, default=8)
    parser.add_argument("--views", default=",".join(plan.VIEWS))
    parser.add_argument("--paint", default="", help="of the sheet")
    parser.add_argument("--designs", type=int, default=9, help="how many wheel designs at most")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    os.nice(max(0, 19 - os.nice(0)))
    steps = {"stills": stills, "spins": spins, "models": models, "develop": develop, "sheet": sheet, "goods": goods}
    for name in ("stills", "models", "spins", "goods") if asked.what == "all" else (asked.what,):
        steps[name](asked)


def series_of(asked: argparse.Namespace) -> list[str]:
    """Return the series asked for, or all."""
    return asked.names or list(plan.all_series())


def stills(asked: argparse.Namespace) -> None:
    """Shoot and develop the stills: every car's portrait first, then its other sides, then its other wheels."""
    from apps.studio import shoot

    for designs in (1, 9):
        for view in asked.views.split(","):
            for series in series_of(asked):
                shoot.shoot_stills(series, view, asked.samples, designs=min(designs, asked.designs))
                _develop(series, view, asked.samples)


def develop(asked: argparse.Namespace) -> None:
    """Develop and pack what has been shot already."""
    for series in series_of(asked):
        for view in asked.views.split(","):
            _develop(series, view, asked.samples)


def _develop(series: str, view: str, samples: int) -> None:
    from apps.studio import deliver

    log.info("%s %s: %d pictures written", series, view, deliver.deliver_stills(series, view, samples))


def spins(asked: argparse.Namespace) -> None:
    """Shoot and develop the turns."""
    from apps.studio import deliver, shoot

    for body in asked.names or list(plan.SPIN_SERIES):
        shoot.shoot_spin(body, asked.spin_samples)
        log.info("%s: %d frames written", body, deliver.deliver_spin(body, asked.spin_samples, SPIN_PAINTS[body]))


def models(asked: argparse.Namespace) -> None:
    """Write the 3D models."""
    from apps.studio import glb

    for series in series_of(asked):
        log.info("%s", glb.write_model(series))


def goods(asked: argparse.Namespace) -> None:
    """Photograph the missing parts, packages and interiors."""
    from apps.studio.goods.__main__ import main as photograph

    photograph(["all", *asked.names])


def sheet(asked: argparse.Namespace) -> None:
    """Lay what has been shot of a series on one sheet."""
    from apps.studio import deliver

    for series in series_of(asked):
        log.info("%s", deliver.contact_sheet(series, asked.samples, asked.paint))


if __name__ == "__main__":
    main()
