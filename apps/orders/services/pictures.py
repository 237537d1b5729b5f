"""Pictures that come from a store's phones and tablets: photos and signatures, kept privately."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from apps.kernel.api import DomainError, FileRefused, FileTooLarge, PrivateFile, private_files

if TYPE_CHECKING:
    from django.core.files.base import File

    from apps.accounts.api import User

PDF = b"%PDF-"


def keep_picture(
    upload: "File[Any]", *, field: str, refusal: type[DomainError], by: "User | None", now: datetime
) -> PrivateFile:
    """
    Keep a picture; a PDF is none and gets ``refusal``. Whatever is refused names the ``field`` it is about.

    :raises FileRefused: if it is no JPEG or PNG, or too large
    """
    no_picture = _("Please choose a JPEG or PNG picture.")
    start = upload.read(len(PDF))
    upload.seek(0)
    if start == PDF:
        raise refusal(fields={field: [no_picture]})
    try:
        return private_files.store(upload=upload, by=by, now=now)
    except FileRefused as refused:
        refused.fields = {field: [str(refused) if isinstance(refused, FileTooLarge) else no_picture]}
        raise
