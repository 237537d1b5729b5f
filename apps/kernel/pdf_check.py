"""
Whether a PDF is a plain document: nothing that runs, nothing carried inside, no second file in the same bytes.

A PDF is kept as it came (drawing it anew would lose text and signatures), so what could harm a reader is refused.
Names are read as readers read them: with their ``#xx`` escapes undone, in the clear and inside object streams.
"""

import re
import zlib

# Source: ISO 32000-2, 7.5 (file structure), 12.6.4 (actions), 7.11.4 (embedded files), 7.6 (encryption).
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])"
)
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb">>\s*stream\r?\n(.*?)endstream", re.DOTALL)
OBJECT_STREAM = re.compile(rb"/ObjStm(?![A-Za-z0-9])")
OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
MARKUP = re.compile(rb"<(?:script|html|svg|\?php|iframe)", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"
# A ZIP's directory ends at most so far from the end of the file.
ZIP_TAIL = 65_557
MOST_STREAMS = 5_000
MOST_INFLATED = 40 * 1024 * 1024


def trouble_of(content: bytes) -> str:
    """
    Return what is wrong with a PDF, or "" if it is plain.

    ``polyglot``: it is another kind of file as well. ``active``: it runs or carries something. ``locked``: it is
    encrypted, so nobody could tell. ``broken``: it does not end as a PDF does, or unfolds without end.
    """
    end = content.rfind(b"%%EOF")
    if end < 0:
        return "broken"
    if content[end + 5 :].strip(b"\r\n\t \x00") or ZIP_END in content[-ZIP_TAIL:] or MARKUP.search(content):
        return "polyglot"
    streams = STREAM.findall(content)
    if len(streams) > MOST_STREAMS:
        return "broken"
    if any(OBJECT.search(stream) for stream in streams):
        # Whole objects inside of what claims to be a stream: readers disagree about such files.
        return "polyglot"
    clear = STREAM.sub(b">>", content)
    inflated = _object_streams(content)
    if inflated is None:
        return "broken"
    text = _unescaped(clear + b"\n" + inflated)
    if ENCRYPTED.search(text):
        return "locked"
    return "active" if ACTIVE.search(text) else ""


def _object_streams(content: bytes) -> bytes | None:
    """Return the objects that are kept compressed; None if they unfold beyond measure."""
    found: list[bytes] = []
    left = MOST_INFLATED
    for match in STREAM.finditer(content):
        head = content[max(0, match.start() - 400) : match.start() + 2]
        if not OBJECT_STREAM.search(_unescaped(head)):
            continue
        unfold = zlib.decompressobj()
        try:
            plain = unfold.decompress(match[1], left)
            is_whole = not unfold.unconsumed_tail
        except zlib.error:
            # Another filter, or none: look at it as it is.
            plain, is_whole = match[1], True
        left -= len(plain)
        if left <= 0 or not is_whole:
            return None
        found.append(plain)
    return b"\n".join(found)


def _unescaped(text: bytes) -> bytes:
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)
