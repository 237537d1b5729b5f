"""What people wrote, as pages show it."""

import re

from django import template
from django.utils.html import conditional_escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from apps.membership.api import language_of

register = template.Library()
register.filter("tongue", language_of)
# Chinese characters, and the punctuation and figures between them.
CHINESE = re.compile(r"[\u3400-\u9fff](?:[^A-Za-z&<>]*[\u3400-\u9fff\u3000-\u303f\uff00-\uffef])?")

# An address right behind Chinese punctuation, where no space tells where it begins.
GLUED = re.compile(r"([\u3000-\u303f\uff00-\uffef])(?=https?://)")


@register.filter
def linked(text: str) -> SafeString:
    """Escape a text of ours and make links of its addresses, in Chinese sentences as well."""
    return mark_safe(urlize(GLUED.sub(r"\1 ", text), autoescape=True))  # noqa: S308 - escaped by urlize


@register.filter
def mark_chinese(text: str) -> SafeString:
    """Escape a sentence of ours in which somebody's own words stand; on English pages, mark those that are Chinese."""
    escaped = conditional_escape(text)
    if (get_language() or "").startswith("zh"):
        return escaped
    marked = CHINESE.sub(lambda run: f'<span lang="zh-CN">{run[0]}</span>', escaped)
    return mark_safe(marked)  # noqa: S308 - escaped above, and only spans of ours added
