"""
Tags: what a page shows, by name ("product:12", "list"). Forgetting a tag makes every page that carries it wrong.

A tag is one key that holds the instant at which it was last forgotten, by Redis's own clock. A page holds the instant
at which its rendering began, and is right while that is later. So forgetting is one small write however many pages
there are, and a page whose rendering was under way when a price changed is wrong as well when it arrives.
"""

from collections.abc import Iterable

from django.db import transaction

from apps.kernel.page_cache.client import Unreachable, get_client

# Every page carries this tag.
EVERYTHING = "*"
# With more tags than this it costs less to render every page anew.
MOST_TAGS = 500
# Longer than any page is kept.
KEPT_SECONDS = 7200

FORGET = """
local t = redis.call('TIME')
local now = string.format('%.0f', t[1] * 1000000 + t[2])
for _, key in ipairs(KEYS) do redis.call('SET', key, now, 'EX', ARGV[1]) end
return now
"""


def tag_key(tag: str) -> str:
    """Return where the instant of a tag is kept."""
    return f"page-tag:{tag}"


def forget_pages(*tags: str) -> None:
    """
    Forget the pages with these tags when the transaction at hand is committed; at once if there is none.

    If Redis is down then, pages are rendered anyway; those it still holds go when the outbox handler of the fact
    that came with the change forgets the same tags again (``forget_pages_now``), at the latest when they expire.
    """
    wanted = frozenset(tags)
    transaction.on_commit(lambda: _forget(wanted, even_now=False), robust=True)


def forget_pages_now(tags: Iterable[str]) -> None:
    """
    Forget the pages with these tags at once: for handlers of committed facts.

    :raises Unreachable: if Redis does not answer; the outbox tries again
    """
    wanted = frozenset(tags)
    if wanted and not _forget(wanted, even_now=True):
        raise Unreachable


def _forget(tags: frozenset[str], *, even_now: bool) -> bool:
    client = get_client()
    if client is None or not tags:
        return True
    keys: list[str | bytes] = [tag_key(tag) for tag in (tags if len(tags) <= MOST_TAGS else (EVERYTHING,))]
    try:
        client.run(FORGET, keys=keys, args=[KEPT_SECONDS], even_now=even_now)
    except Unreachable:
        return False
    return True
