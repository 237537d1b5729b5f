"""
The catalogs of translations: ``python -m s2b2c.messages`` (``make messages``).

Code and templates carry English; each area keeps its Chinese in ``config/locale/fragments/<area>.po``. This merges the
fragments into the one catalog that Django reads, compiles it, and names what has no translation yet. It needs no
gettext tools: Babel reads Python, Django itself turns a template into something Babel can read.
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = PROJECT / "config" / "locale"
CATALOG = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "s2b2c",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# What a message is known by: its context (or None) and its English.
Key = tuple[str | None, str]


def merge(fragments: Iterable[Path]) -> tuple[polib.POFile, list[str]]:
    """One catalog out of all fragments, in the order of the English; and where two disagree (the first wins)."""
    entries: dict[Key, polib.POEntry] = {}
    origin: dict[Key, Path] = {}
    disagreements = []
    for fragment in sorted(fragments):
        for entry in polib.pofile(str(fragment), encoding="utf-8"):
            if entry.obsolete or "fuzzy" in entry.flags:
                continue
            key = (entry.msgctxt, entry.msgid)
            known = entries.setdefault(key, entry)
            where = origin.setdefault(key, fragment)
            if _texts(known) != _texts(entry):
                ours, theirs = f"{_texts(known)} in {where.name}", f"{_texts(entry)} in {fragment.name}"
                disagreements.append(f"{entry.msgid!r} is {ours}, but {theirs}")
    catalog = polib.POFile(wrapwidth=110)
    catalog.metadata = HEADER
    for _, entry in sorted(entries.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        catalog.append(_bare(entry))
    return catalog, disagreements


def used_messages() -> dict[Key, str]:
    """Every message in our code and templates, with the first place that uses it."""
    found: dict[Key, str] = {}
    for path in _sources():
        for line, key in messages_of(path):
            found.setdefault(key, f"{path.relative_to(PROJECT)}:{line}")
    return found


def missing(catalog: polib.POFile) -> dict[Key, str]:
    """What is used, has no Chinese here, and has none in Django or another installed package either."""
    from django.utils import translation
    from django.utils.translation import trans_real

    ours = {(entry.msgctxt, entry.msgid) for entry in catalog if all(_texts(entry))}
    with translation.override("zh-hans"):
        installed = trans_real.translation("zh-hans")
        return {key: place for key, place in used_messages().items() if key not in ours and not _has(installed, key)}


def main() -> int:
    """Merge, compile, report; 1 if something has no translation, or two."""
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "s2b2c.settings.dev"
    catalog, disagreements = merge(LOCALE.glob("fragments/*.po"))
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(CATALOG))
    catalog.save_as_mofile(str(CATALOG.with_suffix(".mo")))
    django.setup()
    untranslated = missing(catalog)
    for (_, english), place in sorted(untranslated.items(), key=lambda item: item[1]):
        sys.stdout.write(f"{place}: no Chinese for {english!r}\n")
    sys.stdout.writelines(f"{line}\n" for line in disagreements)
    sys.stdout.write(f"{len(catalog)} messages, {len(untranslated)} without Chinese\n")
    return 1 if untranslated or disagreements else 0


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _bare(entry: polib.POEntry) -> polib.POEntry:
    """Without places and comments, which would change with every edit of the code."""
    bare = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural or "")
    if entry.msgid_plural:
        bare.msgstr_plural = entry.msgstr_plural
    else:
        bare.msgstr = entry.msgstr
    bare.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return bare


def _has(installed: object, key: Key) -> bool:
    context, english = key
    catalog = installed._catalog  # type: ignore[attr-defined]
    name = f"{context}\x04{english}" if context else english
    # A message with a plural is filed under (message, form).
    return bool(catalog.get(name)) or bool(catalog.get((name, 0)))


def _sources() -> Iterator[Path]:
    for folder in (PROJECT / "apps", PROJECT / "s2b2c"):
        yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
        yield from sorted(path for path in folder.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
    yield from sorted(path for path in (PROJECT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def messages_of(path: Path) -> Iterator[tuple[int, Key]]:
    """Line and key of every message in a Python file or a template."""
    source = path.read_text(encoding="utf-8")
    pieces = [(1, source)] if path.suffix == ".py" else _calls(templatize(source, origin=str(path)))
    for first_line, code in pieces:
        found = extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {"encoding": "utf-8"})
        for line, function, message, _ in found:
            key = _key(function, message)
            if key is not None:
                yield first_line + line - 1, key


def _calls(templatized: str) -> Iterator[tuple[int, str]]:
    """Line and text of the calls that ``templatize`` left standing among its filler, which is no Python."""
    for start in re.finditer(r"\b(?:(?:n|p|np)?gettext|_)\(", templatized):
        depth, call = 0, []
        for token in tokenize.generate_tokens(io.StringIO(templatized[start.start() :]).readline):
            call.append(token.string)
            depth += (token.string == "(") - (token.string == ")")
            if token.string == ")" and depth == 0:
                break
        yield templatized.count("\n", 0, start.start()) + 1, " ".join(call)


def _key(function: object, message: object) -> Key | None:
    arguments = message if isinstance(message, tuple) else (message,)
    context, english = None, arguments[0]
    if "pgettext" in str(function):
        context, english = arguments[0], arguments[1]
    return (context, english) if isinstance(english, str) and english else None


if __name__ == "__main__":
    sys.exit(main())
