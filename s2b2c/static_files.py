"""Static files of the demo: hashed names as in production; compressed is only what the shop's visitors load."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The rest is other people's: admin, CMS, API pages. Compressing it takes a minute, and nobody is far away.
SHOP = ("css/", "js/", "img/", "vendor/", "django_htmx/")


class ShopCompressor(Compressor):
    """Compresses the shop's own files."""

    def should_compress(self, filename: str) -> bool:
        """Tell whether a file, named below the root of static files, is compressed."""
        return filename.startswith(SHOP) and bool(super().should_compress(filename))


class DemoStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashes all names, compresses the shop's files."""

    def create_compressor(self, **options: Any) -> Compressor:
        """Return the compressor of this storage."""
        return ShopCompressor(**options)
