"""Files that only named people may open: licences, contracts, identity papers."""

import uuid

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models


def private_storage() -> Storage:
    """Return the storage of private files: never under MEDIA_ROOT, never with a URL of its own."""
    if "private" in settings.STORAGES:
        return storages["private"]
    return FileSystemStorage(location=settings.S2B2C_HOME / "private", base_url=None)


def private_path(file: "PrivateFile", name: str) -> str:
    """Return where a file lies: by its own id, so that nothing a person typed reaches the file system."""
    return f"{file.pk.hex[:2]}/{file.pk.hex}"


class PrivateFile(models.Model):
    """An upload that is opened only by a signed link made for one viewer and a few minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(upload_to=private_path, storage=private_storage, max_length=100)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
