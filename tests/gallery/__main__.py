"""
Take a picture of every page: ``make gallery``, or ``python -m tests.gallery --base http://127.0.0.1:8000 --only cart``.

Each at 390 and 1280, by day and by night. Without ``--base`` a suite of its own is started for it; the first time that
takes minutes. The pictures and an index.html to leaf through them go to ``.local/gallery/``.
"""

import argparse
import html
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from s2b2c.supervisor import system
from tests.gallery.pages import PAGES, Shown
from tests.gallery.stage import Stage
from tests.journeys.shop_visit import open_browser

PROJECT = Path(__file__).resolve().parent.parent.parent
GALLERY = PROJECT / ".local" / "gallery"
SIZES = {390: 844, 1280: 800}
SCHEMES = ("light", "dark")
# Longer pages are cut off here: WebP ends at 16,383 pixels, and nobody looks further.
TALLEST = 9_000


def main() -> None:
    """Take the pictures and bind them."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description="Take a picture of every page.")
    parser.add_argument("--base", help="a running demo; without it one is started")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    parser.add_argument("--out", type=Path, default=GALLERY, help="folder (default: .local/gallery)")
    options = parser.parse_args()
    shown = [page for page in PAGES if not options.only or page.name in options.only]
    options.out.mkdir(parents=True, exist_ok=True)
    with running_suite(options.base) as base_url, open_browser() as browser:
        stage = Stage(browser, base_url.rstrip("/"))
        stage.prepare()
        for page in shown:
            print(page.name, flush=True)
            for width in SIZES:
                for scheme in SCHEMES:
                    take(stage, page, width=width, scheme=scheme, folder=options.out)
    bind(shown, options.out)
    print(f"Look: {options.out / 'index.html'}")


@contextmanager
def running_suite(base_url: str | None) -> Iterator[str]:
    """Yield the address of the given suite, or of one started for the pictures and stopped after them."""
    if base_url:
        yield base_url
        return
    port, sandbox_port = system.free_port(), system.free_port()
    home = PROJECT / ".local" / "gallery-suite"
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PORT": str(port), "SANDBOX_PORT": str(sandbox_port), "S2B2C_HOME": str(home)}
    command = [str(PROJECT / ".venv" / "bin" / "python"), "-m", "s2b2c.supervisor"]
    log = home / "supervisor.log"
    log.unlink(missing_ok=True)
    suite = system.spawn(command, log=log, cwd=PROJECT, env=environment)
    try:
        is_up = system.wait_until(lambda: log.exists() and "Ready:" in log.read_text(), seconds=900, every=1)
        if not is_up:
            raise SystemExit(f"the suite did not start: {log}")
        yield f"http://127.0.0.1:{port}"
    finally:
        suite.terminate()
        suite.wait(timeout=60)


def take(stage: Stage, shown: Shown, *, width: int, scheme: str, folder: Path) -> None:
    """Take one picture of a page."""
    size = {"width": width, "height": SIZES[width]}
    context = stage.open(shown.who, viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(shown.address.format(**stage.places))
    if shown.act:
        shown.act(page)
    if not shown.is_screen:
        scroll_through(page)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=not shown.is_screen))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.save(folder / file_name(shown.name, width, scheme), quality=82, method=4)
    context.close()


def scroll_through(page: Page) -> None:
    """Pass over the page once, so that pictures that come with scrolling have come."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"scrollTo(0, {top})")
        page.evaluate("new Promise(requestAnimationFrame)")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("[...document.images].every((image) => image.complete || image.loading === 'lazy')")
    page.wait_for_load_state("networkidle")


def bind(shown: Sequence[Shown], folder: Path) -> None:
    """Write an index to leaf through."""
    rows = "\n".join(_row(page.name) for page in shown)
    style = (
        "body{font:16px system-ui;margin:2rem;background:#777;color:#fff}section{display:flex;gap:1rem;"
        "overflow-x:auto;align-items:start}img{max-height:80vh;box-shadow:0 4px 20px #0006}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Gallery</title><style>{style}</style>\n{rows}\n"
    (folder / "index.html").write_text(page, encoding="utf-8")


def _row(name: str) -> str:
    files = [file_name(name, width, scheme) for width in SIZES for scheme in SCHEMES]
    pictures = "".join(f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>' for file in files)
    return f"<h2>{html.escape(name)}</h2><section>{pictures}</section>"


def file_name(name: str, width: int, scheme: str) -> str:
    """Name the file of one picture."""
    return f"{name}-{width}-{scheme}.webp"


if __name__ == "__main__":
    main()
