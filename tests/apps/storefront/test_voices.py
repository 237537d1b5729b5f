"""People's own words in sentences of ours are marked with their language."""

import pytest
from django.utils import translation

from apps.portals.storefront.templatetags.voices import linked, mark_chinese


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("The old one stays.", "The old one stays."),
        ("The old one stays. 请先提供涨价依据。", 'The old one stays. <span lang="zh-CN">请先提供涨价依据。</span>'),
        ("订单 3 号，已发货", '<span lang="zh-CN">订单 3 号，已发货</span>'),
        ("车", '<span lang="zh-CN">车</span>'),
        ("望舒 Light 与 长庚", '<span lang="zh-CN">望舒</span> Light <span lang="zh-CN">与 长庚</span>'),
        ("<b>请</b>", '&lt;b&gt;<span lang="zh-CN">请</span>&lt;/b&gt;'),
    ],
)
def test_chinese_words_are_marked_and_nothing_is_let_through(text, marked):
    with translation.override("en"):
        assert mark_chinese(text) == marked


def test_on_a_chinese_page_nothing_needs_a_mark():
    with translation.override("zh-hans"):
        assert mark_chinese("<b>请</b>") == "&lt;b&gt;请&lt;/b&gt;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("预约保养：https://shop.example/service/1/\n星驰", '预约保养： <a href="https://shop.example/service/1/"'),
        ("Book it: https://shop.example/service/1/", 'Book it: <a href="https://shop.example/service/1/"'),
        ("<b>见：http://shop.example/?a=1&b=2", '&lt;b&gt;见： <a href="http://shop.example/?a=1&amp;b=2"'),
    ],
)
def test_addresses_are_links_behind_chinese_punctuation_too(text, shown):
    assert linked(text).startswith(shown)
