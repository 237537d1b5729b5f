"""The brand and the cars that authorizations and quotas speak of."""

import pytest

from apps.catalog.api import Brand


@pytest.fixture
def brand(db) -> Brand:
    """Our own brand, as the catalog knows it."""
    return Brand.objects.get_or_create(
        code="XINGCHI", defaults={"name_zh": "星驰", "name_en": "Xingchi", "is_own": True}
    )[0]
