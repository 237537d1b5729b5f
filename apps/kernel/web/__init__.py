"""What every HTML page is built with: refusals as messages, pages for errors, private files."""

from apps.kernel.web.errors import add_to_form, as_refusal, show_message
from apps.kernel.web.middleware import RefuseNulBytes

__all__ = ["RefuseNulBytes", "add_to_form", "as_refusal", "show_message"]
