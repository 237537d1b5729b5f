"""What the components of the design system need: pictures, stars, links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.catalog.api import PictureSet, picture_set

register = template.Library()
STARS = 5
# Of one piece of a template: languages times the values it differs by. More are rendered each time.
MOST_STILLS = 100


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads; "" where it leads nowhere."""

    name: str
    href: str


class StillNode(template.Node):
    """What ``{% still %}`` makes; templates are compiled once, so it lives as long as the process."""

    def __init__(self, nodelist: NodeList, differs_by: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.differs_by = differs_by
        self.rendered: dict[tuple, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """Render the content the first time it is asked for in this language and for these values."""
        key = (get_language(), *[value.resolve(context) for value in self.differs_by])
        if key not in self.rendered:
            if len(self.rendered) >= MOST_STILLS:
                return self.nodelist.render(context)
            self.rendered[key] = self.nodelist.render(context)
        return self.rendered[key]


@register.tag
def still(parser: Parser, token: Token) -> StillNode:
    """
    Keep what is the same on every page and for everybody: ``{% still here %}…{% endstill %}``.

    The content may depend on the language and on the values named after the tag (a handful of different ones), on
    nothing else: neither on the visitor nor on the database.
    """
    differs_by = [parser.compile_filter(value) for value in token.split_contents()[1:]]
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return StillNode(nodelist, differs_by)


@register.simple_tag
def find_picture(key: str = "", chosen: PictureSet | None = None, kind: str = "") -> PictureSet | None:
    """Return the picture that was handed over, else the one of this key, else (for goods of a kind) the stand-in."""
    return chosen or (picture_set(key, kind=kind) if key or kind else None)


@register.filter
def stars(value: float) -> list[str]:
    """
    Return five stars, each "full", "half" or "empty", rounded to halves.

    3.7 is full, full, full, half, empty: 3.5 is nearer than 4.
    """
    halves = round(float(value) * 2)
    return ["full" if halves >= 2 * n else "half" if halves == 2 * n - 1 else "empty" for n in range(1, STARS + 1)]


@register.filter
def as_links(items: Iterable[Sequence[str] | str]) -> list[Link]:
    """Return names and pairs (name, address) as links."""
    return [Link(str(item), "") if _is_name(item) else Link(str(item[0]), str(item[1])) for item in items]


@register.filter
def times(count: int) -> range:
    """Return something to loop over that often."""
    return range(int(count))


def _is_name(item: object) -> bool:
    """Tell a name, which may be a lazy translation, from a pair."""
    return not isinstance(item, (tuple, list))


@register.filter
def lookup(table: Mapping[str, object] | None, key: object) -> object:
    """Return what a table holds under a key, "" where it holds nothing or there is no table."""
    return table.get(str(key), "") if table else ""
