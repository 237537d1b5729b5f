"""Clients of the API."""

import pytest
from rest_framework.test import APIClient

from apps.accounts.api import Role
from apps.inventory.api import Site, SiteKind
from tests.factories.accounts import make_member
from tests.factories.dealers import make_supplier


@pytest.fixture
def api() -> APIClient:
    """Somebody who is not signed in and reads English."""
    return APIClient(headers={"accept-language": "en"})


@pytest.fixture
def supplier(db):
    """An approved supplier with a site of its own."""
    supplier = make_supplier()
    make_site("WH-1", supplier.organization)
    return supplier


@pytest.fixture
def supplier_api(supplier, api, settings) -> APIClient:
    """The supplier's staff, signed in; second factors are accounts' own matter."""
    settings.MFA_REQUIRED_ROLES = []
    api.force_authenticate(make_member(Role.SUPPLIER, supplier.organization))
    return api


def make_site(code: str, organization) -> Site:
    """A warehouse of an organization."""
    return Site.objects.create(
        code=code,
        kind=SiteKind.SUPPLIER_WAREHOUSE,
        name_zh=code,
        name_en=code,
        organization=organization,
        latitude=31,
        longitude=121,
    )
