"""Translations: whole, agreed, and compiled from what is checked in."""

import polib
import pytest

from s2b2c import messages

FRAGMENT = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Pay"
msgstr "{pay}"

msgctxt "month"
msgid "May"
msgstr "五月"

msgid "%(n)s car"
msgid_plural "%(n)s cars"
msgstr[0] "%(n)s 辆车"
"""


@pytest.fixture(scope="module")
def merged():
    return messages.merge(messages.LOCALE.glob("fragments/*.po"))


def test_every_message_in_code_and_templates_has_chinese(merged):
    lines = [f"{place}: {english!r}" for (_, english), place in messages.missing(merged[0]).items()]
    assert not lines, "\n".join(sorted(lines))


def test_no_two_fragments_disagree(merged):
    assert not merged[1], "\n".join(merged[1])


def test_the_catalog_is_what_make_messages_would_write(merged, tmp_path):
    merged[0].save(str(tmp_path / "django.po"))
    merged[0].save_as_mofile(str(tmp_path / "django.mo"))
    for name in ("django.po", "django.mo"):
        checked_in = messages.CATALOG.parent / name
        assert checked_in.read_bytes() == (tmp_path / name).read_bytes(), "run: make messages"


def test_placeholders_survive_translation(merged):
    wrong = [
        entry.msgid
        for entry in merged[0]
        for text in entry.msgstr_plural.values() or [entry.msgstr]
        if placeholders(text) != placeholders(entry.msgid_plural or entry.msgid)
    ]
    assert wrong == []


def placeholders(text: str) -> set[str]:
    import re

    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|%[sd]", text))


def test_merging_keeps_contexts_and_plurals_and_names_disagreements(tmp_path):
    (tmp_path / "a.po").write_text(FRAGMENT.format(pay="付款"))
    (tmp_path / "b.po").write_text(FRAGMENT.format(pay="支付"))

    catalog, disagreements = messages.merge(tmp_path.glob("*.po"))

    assert [(entry.msgctxt, entry.msgid) for entry in catalog] == [(None, "%(n)s car"), ("month", "May"), (None, "Pay")]
    assert catalog.find("%(n)s car").msgstr_plural == {0: "%(n)s 辆车"}
    assert catalog.find("Pay").msgstr == "付款"
    assert disagreements == ["'Pay' is ['付款'] in a.po, but ['支付'] in b.po"]


def test_finds_messages_in_templates_of_every_shape(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        '{% load i18n %}<p class="it\'s">{% translate "Pay now" %} {{ _("Cart") }}\n'
        "{% blocktranslate trimmed with a=b %}\n Hello {{ a }} (yes)\n you{% endblocktranslate %}"
        "{% blocktranslate count n=c %}{{ n }} car{% plural %}{{ n }} cars{% endblocktranslate %}"
        '{% translate "May" context "month" %}</p>'
    )
    found = [key for _, key in messages.messages_of(template)]
    assert set(found) == {
        (None, "Pay now"), (None, "Cart"), (None, "Hello %(a)s (yes) you"), (None, "%(n)s car"), ("month", "May")
    }  # fmt: skip


def test_the_checked_in_catalog_is_valid():
    assert polib.pofile(str(messages.CATALOG)).metadata["Language"] == "zh_Hans"
