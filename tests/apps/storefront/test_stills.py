"""Pieces of templates that are rendered once per language."""

from django.template import Context, Template
from django.utils import translation

SOURCE = '{% load design i18n %}{% still here %}{% translate "Cart" %} {{ here }} {{ count }}{% endstill %}'


def test_a_piece_is_rendered_once_for_all():
    template = Template(SOURCE)

    first = template.render(Context({"here": "home", "count": 1}))

    assert template.render(Context({"here": "home", "count": 2})) == first


def test_it_differs_by_language_and_by_what_is_named():
    template = Template(SOURCE)
    with translation.override("zh-hans"):
        chinese = template.render(Context({"here": "home"}))
    with translation.override("en"):
        english, elsewhere = (template.render(Context({"here": here})) for here in ("home", "parts"))

    assert len({chinese, english, elsewhere}) == 3


def test_more_values_than_a_handful_are_not_kept():
    template = Template(SOURCE)
    for number in range(100):
        template.render(Context({"here": number}))

    assert template.render(Context({"here": "new", "count": 1})) != template.render(
        Context({"here": "new", "count": 2})
    )
