"""
Whole pages for visitors who are not signed in, kept in Redis until a fact makes them wrong.

Views opt in by ``apps.kernel.web.cached_page``; whoever changes what pages show calls ``forget_pages``. How it works
and why: decisions/0001-whole-pages-in-redis.md.
"""

from apps.kernel.page_cache.tags import (
    EVERYTHING,
    forget_pages,
    forget_pages_now,
    forget_pages_on,
    forget_pages_when_saved,
)
from apps.kernel.page_cache.values import keep_value

__all__ = ["EVERYTHING", "forget_pages", "forget_pages_now", "forget_pages_on", "forget_pages_when_saved", "keep_value"]
