"""Who reviews, and where uploads go."""

import pytest

from apps.accounts.api import Role, User
from tests.factories.accounts import make_member


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    """Keep uploads of tests away from everybody else's."""
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "private"), "base_url": None},
        },
    }


@pytest.fixture
def reviewer(db) -> User:
    """Somebody of headquarters."""
    return make_member(Role.HQ_OPERATOR)
