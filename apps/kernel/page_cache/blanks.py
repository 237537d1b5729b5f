"""
Pages with blanks: compressed once, and completed for every visitor with its own token without compressing again.

A page is rendered with ``BLANK`` wherever the visitor's CSRF token belongs. Compressed, the first blank stands as
plain bytes, which both formats allow (a stored block of deflate, an uncompressed meta-block of Brotli); every further
one is a reference back to it. Whoever writes a token over those 64 bytes has completed the whole page:

    <form …><input value="⟨64 bytes⟩"> … <input value="↩ the same 64 bytes">

Of gzip the checksum at the end changes too. CRC-32 is linear, so the change it makes is the sum of what each of the
token's 32 checksum bits makes, which is kept with the page (``columns``). What is compressed never contains a token, so
its length tells nothing about one (BREACH).

Source: RFC 1951 section 3.2.4, RFC 1952 section 2.3.1, RFC 7932 section 9.2.
"""

import gzip
import secrets
import string
import struct
import zlib
from dataclasses import dataclass
from functools import cache

import brotli
from django.utils.crypto import salted_hmac

SIZE = 64
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
_ALPHABET = string.ascii_letters + string.digits
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
# How far back deflate sees, less what it looks ahead; a blank further away from the last one stands for itself.
_DEFLATE_REACH = 32_000
# Control characters, and bytes that UTF-8 has no use for; no three of them stand in the same order twice.
_STRANGE = bytes([*range(0x01, 0x09), *range(0x0E, 0x20), *range(0xF8, 0x100)])
_UNLIKE_TEXT = _STRANGE + bytes(_STRANGE[index * 5 % len(_STRANGE)] for index in range(SIZE - len(_STRANGE)))


@dataclass(frozen=True, slots=True)
class Body:
    """
    A page in one encoding. ``blanks`` are the places of the bytes to write a token over; none: the page has no token.

    ``checksum`` and ``columns`` are gzip's: the CRC-32 with ``BLANK`` in the blanks, and what it changes by with each
    bit of the token's own.
    """

    encoding: str
    data: bytes
    blanks: tuple[int, ...] = ()
    checksum: int = 0
    columns: tuple[int, ...] = ()

    def fill(self, token: bytes) -> bytes:
        """Return the page with a visitor's token of ``SIZE`` bytes in its blanks."""
        if not self.blanks:
            return self.data
        pieces: list[bytes] = []
        start = 0
        for blank in self.blanks:
            pieces += (self.data[start:blank], token)
            start = blank + SIZE
        if self.encoding != "gzip":
            pieces.append(self.data[start:])
            return b"".join(pieces)
        checksum, bits = self.checksum, zlib.crc32(token) ^ _crc_of_blank()
        for column in self.columns:
            if bits & 1:
                checksum ^= column
            bits >>= 1
        pieces += (self.data[start:-8], checksum.to_bytes(4, "little"), self.data[-4:])
        return b"".join(pieces)


@cache
def blank() -> str:
    """Return what stands for the token in a page that is kept. Nobody outside knows it, so no page can be given one."""
    digits = salted_hmac("apps.kernel.page_cache.blank", "token", algorithm="sha512").digest()
    return "".join(_ALPHABET[digit % len(_ALPHABET)] for digit in digits)


def encode(page: bytes) -> list[Body]:
    """
    Return a page, rendered with blanks, in every encoding.

    An encoding that would not come out right with another token is left out: each is tried before it is kept.
    """
    found = [Body("", page, _places(page))]
    for make in (_gzip, _brotli):
        body = make(page)
        if body is not None and _comes_out_right(body, page):
            found.append(body)
    return found


def _places(page: bytes) -> tuple[int, ...]:
    places, mark = [], blank().encode()
    place = page.find(mark)
    while place >= 0:
        places.append(place)
        place = page.find(mark, place + SIZE)
    return tuple(places)


def _comes_out_right(body: Body, page: bytes) -> bool:
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[body.encoding]
    tokens = [secrets.token_hex(SIZE // 2).encode() for _ in range(2)] if body.blanks else [b""]
    for token in tokens:
        try:
            if unpack(body.fill(token)) != page.replace(blank().encode(), token):
                return False
        except (OSError, zlib.error, brotli.error, EOFError):
            return False
    return True


def _gzip(page: bytes) -> Body:
    places = _places(page)
    # In bytes that no page holds, so that nothing but a blank is ever taken from a blank, nor a blank from elsewhere.
    unlike = page.replace(blank().encode(), _UNLIKE_TEXT)
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, done, blanks = bytearray(_GZIP_HEADER), 0, []
    last = -_DEFLATE_REACH - 1
    for place in places:
        if place - last > _DEFLATE_REACH:
            packed += packer.compress(unlike[done:place]) + packer.flush(zlib.Z_SYNC_FLUSH)
            # The packer has to know what it may refer back to; its own way of writing it is not used.
            packer.compress(unlike[place : place + SIZE])
            packer.flush(zlib.Z_SYNC_FLUSH)
            packed += struct.pack("<BHH", 0, SIZE, SIZE ^ 0xFFFF)
            blanks.append(len(packed))
            packed += page[place : place + SIZE]
            done = place + SIZE
        last = place
    packed += packer.compress(unlike[done:]) + packer.flush()
    checksum = zlib.crc32(page)
    packed += struct.pack("<II", checksum, len(page) & 0xFFFFFFFF)
    return Body("gzip", bytes(packed), tuple(blanks), checksum, _columns(len(page), places) if blanks else ())


def _columns(size: int, places: tuple[int, ...]) -> tuple[int, ...]:
    """Return by how much a page's CRC-32 changes with each bit by which its token's differs from the blank's."""
    nothing, columns = zlib.crc32(bytes(size)), []
    for patch in _patches():
        change = bytearray(size)
        for place in places:
            change[place + SIZE - 4 : place + SIZE] = patch
        columns.append(zlib.crc32(change) ^ nothing)
    return tuple(columns)


@cache
def _crc_of_blank() -> int:
    return zlib.crc32(blank().encode())


@cache
def _patches() -> tuple[bytes, ...]:
    """Return, for each bit of a CRC-32, the last four bytes that change just that bit of a message's checksum."""
    nothing = zlib.crc32(bytes(4))
    rows = [(zlib.crc32((1 << bit).to_bytes(4, "little")) ^ nothing, 1 << bit) for bit in range(32)]
    # Gauss and Jordan, over the field of two elements.
    for bit in range(32):
        pivot = next(index for index in range(bit, 32) if rows[index][0] >> bit & 1)
        rows[bit], rows[pivot] = rows[pivot], rows[bit]
        for index in range(32):
            if index != bit and rows[index][0] >> bit & 1:
                rows[index] = (rows[index][0] ^ rows[bit][0], rows[index][1] ^ rows[bit][1])
    return tuple(patch.to_bytes(4, "little") for _, patch in rows)


def _brotli(page: bytes) -> Body | None:
    places = _places(page)
    if not places:
        return Body("br", brotli.compress(page, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
    # Noise does not compress, so Brotli writes it down as it is; the two bytes after it are what the next ones are
    # modelled by, and must not change with the token.
    noise = secrets.token_bytes(SIZE)
    noisy = page.replace(blank().encode(), noise)
    packer = brotli.Compressor(mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    first, end = places[0], places[0] + SIZE + 2
    packed = packer.process(noisy[:first]) + packer.flush()
    packed += packer.process(noisy[first:end]) + packer.flush()
    packed += packer.process(noisy[end:]) + packer.finish()
    place = packed.find(noise)
    return Body("br", packed, (place,)) if place >= 0 else None
