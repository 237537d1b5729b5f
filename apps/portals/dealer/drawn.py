"""Signatures drawn on the screen, as forms bring them."""

import base64
import binascii

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from apps.kernel.api import DomainError

DRAWN = "data:image/png;base64,"


def read_drawn(drawn: str, *, refusal: type[DomainError]) -> ContentFile | None:
    """
    Return the signature that was drawn; None where nobody drew one.

    :raises refusal: if what came is none, on the field ``drawn``
    """
    if not drawn:
        return None
    header, _between, content = drawn.partition(",")
    try:
        picture = base64.b64decode(content, validate=True) if f"{header}," == DRAWN else b""
    except binascii.Error:
        picture = b""
    if not picture:
        raise refusal(fields={"drawn": [_("The signature cannot be read. Please draw it again.")]})
    return ContentFile(picture, name="signature.png")
