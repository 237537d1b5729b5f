"""Names in two languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import in_language


class Named(models.Model):
    """Something with a name in Chinese and in English."""

    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self.name_zh, self.name_en)
