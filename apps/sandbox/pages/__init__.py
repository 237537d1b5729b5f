"""The sandbox's few HTML pages: ``string.Template`` files beside this one, every value escaped."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse

FOLDER = Path(__file__).parent


class Fragment(str):
    """HTML that was built here from escaped parts, and so is not escaped again."""

    __slots__ = ()


def render(page: str, *, status_code: int = 200, **values: str) -> HTMLResponse:
    """Fill a page."""
    body = _fill(page, values)
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    html = Template((FOLDER / "base.html").read_text(encoding="utf-8")).substitute(
        title=escape(values.get("title") or values.get("brand", "")),
        color=escape(values.get("color", "#1f2328")),
        style=style,
        body=body,
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html, status_code=status_code, headers=headers)


def part(page: str, **values: str) -> Fragment:
    """Fill a piece of a page."""
    return Fragment(_fill(page, values))


def as_options(choices: Mapping[str, str], *, chosen: str) -> Fragment:
    """Return the options of a select."""
    return Fragment(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in choices.items()
        )
    )


def _fill(page: str, values: Mapping[str, str]) -> str:
    escaped = {name: value if isinstance(value, Fragment) else escape(value) for name, value in values.items()}
    return Template((FOLDER / page).read_text(encoding="utf-8")).substitute(escaped)
