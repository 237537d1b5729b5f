"""Pages in Redis: read with one question, written with one."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http.response import ResponseHeaders

from apps.kernel.page_cache import blanks
from apps.kernel.page_cache.client import Client, Script
from apps.kernel.page_cache.tags import EVERYTHING, tag_key

# Whoever finds a page missing or old is given so long to render it before another may.
LEASE_MILLISECONDS = 10_000
# A page that is only too old is shown for so long while one visitor's request renders it anew.
STALE_SECONDS = 2
# Addresses can be made up without end: search words, combinations of filters.
MOST_NEW_A_MINUTE = 600
# Pages that a process holds itself, some megabytes.
MOST_COPIES = 200

# A page is a hash: made (instant), tags (keys, apart by spaces), ends (instant), head (JSON), and for each encoding
# "<encoding>" and "head:<encoding>".
# Answers {now, what}: "render" (do, and write it), "wait" (another does), "pass" (do; it is not one to keep); or
# {now, "page" or "stale", made, head, head of the body, body}, without what follows if the caller holds the same page.
# Whoever asks with no lease will not render it: {now, "none"}.
READ = Script(
    """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local said = string.format('%.0f', now)
local page = redis.call('HMGET', KEYS[1], 'made', 'tags', 'ends')
local right = page[1] and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1
if right then
  local made, keys = tonumber(page[1]), {}
  for key in string.gmatch(page[2], '[^ ]+') do keys[#keys + 1] = key end
  for _, forgotten in ipairs(redis.call('MGET', unpack(keys))) do
    if forgotten and tonumber(forgotten) >= made then right = false end
  end
end
local function answer(what)
  if page[1] == ARGV[3] then return {said, what} end
  local body = redis.call('HMGET', KEYS[1], 'head', 'head:' .. ARGV[1], ARGV[1])
  return {said, what, page[1], body[1], body[2], body[3]}
end
if right and now < tonumber(page[3]) then return answer('page') end
if ARGV[2] == '0' then return {said, 'none'} end
local lease = KEYS[1] .. ':lease'
local held = redis.call('GET', lease)
if held == 'pass' then return {said, 'pass'} end
if not held then
  redis.call('SET', lease, said, 'PX', ARGV[2])
  return {said, 'render'}
end
if right then return answer('stale') end
return {said, 'wait'}
"""
)

WRITE = Script(
    """
redis.call('DEL', KEYS[1] .. ':lease')
local minute = 'page-count:' .. math.floor(tonumber(ARGV[1]) / 60000000)
if redis.call('EXISTS', KEYS[1]) == 0 then
  if redis.call('INCR', minute) > tonumber(ARGV[4]) then return 0 end
  redis.call('EXPIRE', minute, 120)
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'made', ARGV[1], 'tags', ARGV[2], unpack(ARGV, 6))
local t = redis.call('TIME')
redis.call('HSET', KEYS[1], 'ends', string.format('%.0f', t[1] * 1000000 + t[2] + ARGV[3] * 1000000))
redis.call('EXPIRE', KEYS[1], ARGV[3] + ARGV[5])
return 1
"""
)

REFUSE = Script("redis.call('SET', KEYS[1] .. ':lease', 'pass', 'PX', ARGV[1]) return 1")


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as every visitor gets it, but for the token in its blanks."""

    head: "Head"
    body: blanks.Body


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself in every encoding; ``digest`` is that of its content."""

    status: int
    headers: ResponseHeaders
    digest: str


@dataclass(frozen=True, slots=True)
class Found:
    """What Redis said: a page, or what to do instead; ``now`` is its clock, in microseconds."""

    now: str
    what: str
    page: StoredPage | None = None
    content: bytes | None = None


# Instant at which it was made, and the page, by key and encoding. Single steps of a dict need no lock.
_copies: dict[tuple[str, str], tuple[bytes, StoredPage]] = {}


def page_key(parts: tuple[object, ...]) -> str:
    """Return where the page of these parts is kept; what visitors write into addresses never becomes a key."""
    return "page:" + hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read_page(client: Client, key: str, encoding: str, *, lease: int = LEASE_MILLISECONDS) -> Found:
    """
    Ask for a page in an encoding ("", "gzip" or "br").

    ``lease``: milliseconds for which whoever finds none is to render it; 0 for whoever will not.

    :raises Unreachable: if Redis does not answer
    """
    held = _copies.get((key, encoding))
    made = held[0] if held is not None else b""
    answer = client.run(READ, keys=[key], args=[encoding or "plain", lease, made])
    now, what = answer[0].decode(), answer[1].decode()
    if what not in ("page", "stale"):
        return Found(now, what)
    if len(answer) == 2 and held is not None:
        return Found(now, what, held[1])
    page = StoredPage(_head(answer[3]), blanks.Body(encoding, answer[5], *_about(answer[4])))
    _hold((key, encoding), answer[2], page)
    return Found(now, what, page)


def _hold(place: tuple[str, str], made: bytes, page: StoredPage) -> None:
    """Hold a page in this process: Redis is still asked each time whether it is right, but need not send it."""
    if len(_copies) >= MOST_COPIES:
        # Whichever: those that are asked for come back with the next question.
        _copies.clear()
    _copies[place] = (made, page)


@lru_cache(maxsize=1024)
def _head(said: bytes) -> Head:
    head = json.loads(said)
    return Head(head["status"], ResponseHeaders(head["headers"]), head["digest"])


@lru_cache(maxsize=1024)
def _about(said: bytes) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
    blank_places, checksum, columns = json.loads(said)
    return tuple(blank_places), checksum, tuple(columns)


def write_page(
    client: Client,
    key: str,
    *,
    made: str,
    tags: frozenset[str],
    seconds: int,
    status: int,
    headers: dict[str, str],
    content: bytes,
) -> dict[str, StoredPage]:
    """
    Keep a page for ``seconds``; return it in every encoding.

    ``made`` is the instant at which its rendering began: what was forgotten since makes it wrong.

    :raises Unreachable: if Redis does not answer
    """
    digest = hashlib.blake2b(content, digest_size=12).hexdigest()
    bodies = blanks.encode(content)
    head = json.dumps({"status": status, "headers": headers, "digest": digest})
    fields: list[Any] = ["head", head]
    for body in bodies:
        name = body.encoding or "plain"
        fields += [f"head:{name}", json.dumps([body.blanks, body.checksum, body.columns]), name, body.data]
    _write(client, key, fields, made=made, tags=tags, seconds=seconds)
    return {body.encoding: StoredPage(_head(head.encode()), body) for body in bodies}


def read_value(client: Client, key: str) -> Found:
    """
    Ask for a value: its ``content``, or what to do.

    :raises Unreachable: if Redis does not answer
    """
    answer = client.run(READ, keys=[key], args=["plain", LEASE_MILLISECONDS, b""])
    now, what = answer[0].decode(), answer[1].decode()
    return Found(now, what, content=answer[5] if what in ("page", "stale") else None)


def write_value(client: Client, key: str, content: bytes, *, made: str, tags: frozenset[str], seconds: int) -> None:
    """
    Keep a value for ``seconds``, found since the instant ``made``.

    :raises Unreachable: if Redis does not answer
    """
    fields = ["head", b"", "head:plain", b"", "plain", content]
    _write(client, key, fields, made=made, tags=tags, seconds=seconds)


def _write(client: Client, key: str, fields: list[Any], *, made: str, tags: frozenset[str], seconds: int) -> None:
    keys = " ".join(tag_key(tag) for tag in sorted({EVERYTHING, *tags}))
    client.run(WRITE, keys=[key], args=[made, keys, seconds, MOST_NEW_A_MINUTE, STALE_SECONDS, *fields])


def refuse_page(client: Client, key: str) -> None:
    """
    Let nobody wait for a page that turned out not to be one to keep.

    :raises Unreachable: if Redis does not answer
    """
    client.run(REFUSE, keys=[key], args=[LEASE_MILLISECONDS])
