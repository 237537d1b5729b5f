"""Model fields of the kernel."""

from typing import Any

from django.db import models

from apps.kernel import crypto


class EncryptedTextField(models.TextField):
    """
    Text that is stored as AES-256-GCM ciphertext bound to its table and column.

    It reads and writes as plain text. It cannot be searched (two equal texts have two ciphertexts): keep a
    ``blind_index`` column beside it for equality. A value that does not decrypt raises ``DecryptionFailed``.
    """

    description = "Encrypted text"

    @property
    def place(self) -> str:
        """What the ciphertext is bound to: ``table.column``."""
        return f"{self.model._meta.db_table}.{self.column}"

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Name the door, so that another app's migration enters the kernel by ``api`` like any other code."""
        name, _, args, kwargs = super().deconstruct()
        return name, "apps.kernel.api.EncryptedTextField", args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Decrypt what the database holds."""
        return None if value is None else crypto.decrypt(value, place=self.place)

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt what the database will hold."""
        value = super().get_prep_value(value)
        return None if value is None else crypto.encrypt(value, place=self.place)

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow ``isnull`` only: comparing ciphertexts would silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        """Allow none, for the same reason."""
        return None
