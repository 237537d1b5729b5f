"""What every HTML page is built with: refusals as messages, pages for errors, kept pages, private files."""

from apps.kernel.web.errors import add_to_form, answer, show_message
from apps.kernel.web.page_cache import cached_page, tag_page

__all__ = ["add_to_form", "answer", "cached_page", "show_message", "tag_page"]
