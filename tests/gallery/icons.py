"""
Draw the icons of ``static/img/icons`` from the brand's mark: ``python -m tests.gallery.icons`` after the mark changed.

The results are committed, so that set-up needs no browser.
"""

import base64
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.journeys.shop_visit import open_browser

PROJECT = Path(__file__).resolve().parent.parent.parent
IMAGES = PROJECT / "static" / "img"
ICONS = IMAGES / "icons"
INK, ACCENT, STAGE = "#15181c", "#213aa6", "#e0e2e4"
FONT = '"PingFang SC", "Noto Sans CJK SC", sans-serif'


def main() -> None:
    """Draw all of them."""
    ICONS.mkdir(exist_ok=True)
    with open_browser() as browser:
        page = browser.new_page()
        for name, size, part in (("icon-192", 192, 0.62), ("icon-512", 512, 0.62), ("icon-maskable-512", 512, 0.5)):
            _draw(page, _on_ground(part), name, size, size)
        _draw(page, _on_ground(0.62), "apple-touch-icon", 180, 180)
        _draw(page, _shared(), "share", 1200, 630)
        mark = page.screenshot  # the favicon is the mark alone, in the sizes old browsers ask for
        page.set_viewport_size({"width": 64, "height": 64})
        page.set_content(f"<style>body{{margin:0}}svg{{width:64px;height:64px}}</style>{_mark(ACCENT)}")
        favicon = Image.open(io.BytesIO(mark(omit_background=True)))
        favicon.save(ICONS / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        page.close()


def _draw(page: Page, html: str, name: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(html)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(128).save(ICONS / f"{name}.png", optimize=True)


def _mark(color: str) -> str:
    path = re.search(r"<path.*?/>", (IMAGES / "mark.svg").read_text())
    assert path is not None
    return f'<svg viewBox="0 0 32 32" fill="{color}">{path[0]}</svg>'


def _on_ground(part: float) -> str:
    style = f"body{{margin:0;display:grid;place-items:center;height:100vh;background:{INK}}}svg{{width:{part:.0%}}}"
    return f"<style>{style}</style>{_mark('#fff')}"


def _shared() -> str:
    car = base64.b64encode((IMAGES / "vehicles" / "jinghong" / "cinnabar.webp").read_bytes()).decode()
    style = (
        f"body{{margin:0;height:630px;background:{STAGE};font-family:{FONT};color:{INK};overflow:hidden}}"
        "img{position:absolute;right:-40px;bottom:-20px;width:1060px;"
        "mask-image:linear-gradient(to right,transparent,#000 22%)}"
        "h1{position:absolute;left:72px;top:64px;margin:0;font-size:76px;font-weight:500;letter-spacing:.14em}"
        "svg{width:68px;vertical-align:-8px;margin-right:24px}"
    )
    return f'<style>{style}</style><img src="data:image/webp;base64,{car}"><h1>{_mark(ACCENT)}星驰</h1>'


if __name__ == "__main__":
    main()
