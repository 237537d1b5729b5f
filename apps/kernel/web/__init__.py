"""What every HTML page is built with: refusals as messages, pages for errors, private files."""

from apps.kernel.web.errors import add_to_form, answer, show_message

__all__ = ["add_to_form", "answer", "show_message"]
