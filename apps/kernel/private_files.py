"""Private files: checked on the way in, opened by a signed link made for one viewer and a few minutes."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.urls import reverse
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.kernel import pdf_check
from apps.kernel.errors import FileNotPlain, FileRefused, FileTooLarge, LinkExpired
from apps.kernel.models import PrivateFile

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LINK_LIFETIME = timedelta(minutes=10)
_SALT = "kernel.private_file"
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}


@transaction.atomic
def store(*, upload: "File[Any]", by: "AbstractBaseUser | None", now: datetime) -> PrivateFile:
    """
    Keep an uploaded picture or PDF where no URL leads.

    The type is read from the content, never from the name. Pictures are drawn anew, which drops whatever hides behind
    the pixels (scripts, places, cameras).

    :raises FileTooLarge: if it is more than 10 MB, or its picture more than 40 million pixels
    :raises FileNotPlain: if it is a PDF with scripts, attachments or a password, or a second file in disguise
    :raises FileRefused: if it is neither a JPEG, PNG nor PDF, or broken
    """
    content, content_type, name = check_upload(upload)
    file = PrivateFile(
        name=name,
        content_type=content_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=by.pk if by else None,
        uploaded_at=now,
    )
    file.content.save(file.name, ContentFile(content), save=False)
    file.save(force_insert=True)
    return file


def check_upload(upload: "File[Any]") -> tuple[bytes, str, str]:
    """
    Return an upload as it may be kept, (content, type, name), for whoever keeps it by other means than a file.

    :raises FileTooLarge, FileNotPlain, FileRefused: as ``store``
    """
    if upload.size is None or upload.size > MOST_BYTES:
        raise FileTooLarge(megabytes=MOST_BYTES // 1024**2)
    content, content_type = _sniffed(upload.read(MOST_BYTES + 1))
    return content, content_type, _safe_name(upload.name or "")


def signed_url(
    *, file: PrivateFile, viewer: "AbstractBaseUser", now: datetime, lifetime: timedelta = LINK_LIFETIME
) -> str:
    """Return the address under which this viewer, signed in, may open the file until ``now + lifetime``."""
    claim = {"file": file.pk.hex, "viewer": viewer.pk, "until": int((now + lifetime).timestamp())}
    return reverse("kernel:private_file", kwargs={"token": signing.dumps(claim, salt=_SALT)})


def access_private_file(*, token: str, viewer: "AbstractBaseUser", now: datetime) -> PrivateFile:
    """
    Return the file a signed link opens.

    :raises LinkExpired: if the link is forged, too old, was made for another viewer, or the file is gone
    """
    try:
        claim = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise LinkExpired from None
    if claim["viewer"] != viewer.pk or claim["until"] <= now.timestamp():
        raise LinkExpired
    file = PrivateFile.objects.filter(pk=UUID(claim["file"])).first()
    if file is None:
        raise LinkExpired
    return file


def _sniffed(content: bytes) -> tuple[bytes, str]:
    if len(content) > MOST_BYTES:
        raise FileTooLarge(megabytes=MOST_BYTES // 1024**2)
    if content.startswith(b"%PDF-"):
        if trouble := pdf_check.trouble_of(content):
            raise FileNotPlain(trouble=trouble)
        return content, "application/pdf"
    try:
        with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileTooLarge(megabytes=MOST_BYTES // 1024**2)
            if picture.format is not None:
                return _redrawn(picture), _PICTURES[picture.format]
    except Image.DecompressionBombError as error:
        raise FileTooLarge(megabytes=MOST_BYTES // 1024**2) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused(megabytes=MOST_BYTES // 1024**2) from error
    raise FileRefused(megabytes=MOST_BYTES // 1024**2)


def _redrawn(picture: Image.Image) -> bytes:
    """Return the pixels, upright, on a new canvas: a copy would keep comments and profiles."""
    mode = "RGB" if picture.format == "JPEG" else "RGBA"
    upright = ImageOps.exif_transpose(picture).convert(mode)
    canvas = Image.new(mode, upright.size)
    canvas.paste(upright)
    content = io.BytesIO()
    canvas.save(content, format=picture.format)
    return content.getvalue()


def _safe_name(name: str) -> str:
    kept = "".join(character for character in name.replace("\\", "/").rsplit("/", 1)[-1] if character.isprintable())
    return kept[-200:] or "file"
