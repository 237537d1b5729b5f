"""PostgreSQL's own fence around each organization's rows."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import ProgrammingError

from apps.accounts.api import Organization
from apps.catalog.models import Offer, OfferPrice
from apps.inventory.models import StockLevel
from apps.kernel.api import tenancy
from apps.orders.models import Fulfilment, SellerOrder
from tests.architecture.examples import build_world
from tests.factories.accounts import make_company

pytestmark = pytest.mark.django_db

# Tables that name an organization and stand open to the tenant role on purpose. A new one goes behind the fence, in a
# migration with ``tenancy.protect``, or here with its reason.
OPEN = {
    "accounts_organizationmember": "read before the tenant is known: it says whose the request is",
    "accounts_impersonation": "headquarters' own record; no portal page shows it",
    "accounts_invitation": "read by its link, before the guest belongs to anybody; pages scope it",
    "accounts_apikey": "read by its digest, before the tenant is known; pages scope it",
    "suppliers_supplier": "who sells is public: the shop names the seller of every offer",
    "dealers_dealer": "public: the store locator",
    "dealers_store": "public: the store locator",
    "dealers_authorization": "public in effect: the store locator shows who sells and services what",
    "dealers_territory": "who looks after which region is no secret among dealers",
    "catalog_seller": "who sells is public; the policies of offers look it up",
    "inventory_site": "where stock lies is no secret; the policies of stock look it up",
    "membership_answer": "public: answers under a product",
    "membership_reviewreply": "public: replies under a review",
    "orders_customerorder": "read through the fulfilments of the organization, which are fenced",
    "orders_orderitem": "read through the fulfilments of the organization, which are fenced",
}


def protected():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = current_schema()::regnamespace"
        )
        return {row[0] for row in cursor.fetchall()}


def tables_of_organizations():
    """Tables with a foreign key to an organization, or to the row that is one (supplier, dealer, seller, site)."""
    heads = {"accounts.Organization", "suppliers.Supplier", "dealers.Dealer", "catalog.Seller", "inventory.Site"}
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(
            field.is_relation and field.concrete and field.related_model and field.related_model._meta.label in heads
            for field in model._meta.get_fields()
        )
        and not model._meta.proxy
    }


def test_every_table_with_an_organization_is_fenced_or_says_why_not():
    forgotten = tables_of_organizations() - protected() - OPEN.keys()

    assert forgotten == set(), "put them behind the fence (apps/kernel/tenancy.py), or into OPEN with the reason"


def test_the_list_of_open_tables_holds_no_leftovers():
    tables = {model._meta.db_table for model in apps.get_models()}

    assert OPEN.keys() & protected() == set()
    assert OPEN.keys() - tables == set()


def test_the_crown_jewels_are_fenced():
    assert {
        "catalog_offer",
        "catalog_offerprice",
        "inventory_stocklevel",
        "inventory_reservation",
        "inventory_movement",
        "inventory_unit",
        "orders_fulfilment",
        "orders_fulfilmentline",
        "orders_sellerorder",
    } <= protected()


def test_the_role_owns_nothing_writes_nothing_and_bypasses_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit FROM pg_roles "
            "WHERE rolname = %s",
            [tenancy.TENANT_ROLE],
        )
        assert cursor.fetchone() == (False,) * 6
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [tenancy.TENANT_ROLE])
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM information_schema.role_table_grants "
            "WHERE grantee = %s AND privilege_type <> 'SELECT'",
            [tenancy.TENANT_ROLE],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [tenancy.TENANT_ROLE])
        assert cursor.fetchone() == (0,)


def test_the_role_may_not_write():
    company = make_company()
    with pytest.raises(ProgrammingError, match="permission denied"), tenancy.scoped_to(company.pk):
        Organization.objects.filter(pk=company.pk).update(name_en="Mine")

    company.refresh_from_db()
    assert company.name_en != "Mine"


def test_role_and_organization_end_with_the_block():
    with tenancy.scoped_to(make_company().pk):
        assert who() == (tenancy.TENANT_ROLE, True)
    assert who() == (connection.settings_dict["USER"], False)

    with pytest.raises(ZeroDivisionError), tenancy.scoped_to(make_company().pk):
        raise ZeroDivisionError
    assert who() == (connection.settings_dict["USER"], False)


def who():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, coalesce(current_setting('s2b2c.organization', true), '') <> ''")
        return cursor.fetchone()


def test_a_service_that_writes_while_a_page_is_read_steps_out_and_back():
    company = make_company()
    with tenancy.scoped_to(company.pk):
        with tenancy.as_platform():
            Organization.objects.filter(pk=company.pk).update(name_en="Renamed")
            assert who() == (connection.settings_dict["USER"], False)
        assert who() == (tenancy.TENANT_ROLE, True)
    with tenancy.as_platform():
        assert who() == (connection.settings_dict["USER"], False)

    company.refresh_from_db()
    assert company.name_en == "Renamed"


def test_without_an_organization_every_protected_table_is_empty(seeded_rows):
    for table in sorted(protected()):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {tenancy.TENANT_ROLE}; SELECT count(*) FROM {table}")
            seen = cursor.fetchone()[0]
            cursor.execute(f"SET LOCAL ROLE NONE; SELECT count(*) FROM {table}")
            there = cursor.fetchone()[0]
        assert seen == 0, table
        # A table that is empty anyway proves nothing.
        assert there > 0 or table in NEVER_FILLED, table


def test_each_organization_sees_its_own_rows_and_only_those(seeded_rows):
    for own, foreign in ((seeded_rows.shop, seeded_rows.other), (seeded_rows.other, seeded_rows.shop)):
        for company in (own.supplier, own.dealer):
            with tenancy.scoped_to(company.pk):
                rows = Fulfilment.objects.values_list("source_id", "receiver_id")
                assert rows
                assert all(company.pk in row for row in rows)
                assert not SellerOrder.objects.exclude(fulfilments__in=Fulfilment.objects.all()).exclude(seller=company)
                assert not Offer.objects.exclude(seller__organization=company).exists()
                assert not OfferPrice.objects.exclude(offer__seller__organization=company).exists()
                assert not StockLevel.objects.exclude(site__organization=company).exists()
                assert not Fulfilment.objects.filter(source=foreign.supplier).exists()


def test_with_the_policy_gone_the_other_suppliers_offers_show(seeded_rows):
    """The control: it is the policy that hides them."""
    supplier = seeded_rows.shop.supplier
    with connection.cursor() as cursor:
        # What the world's making left to be checked at its commit keeps a table from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE catalog_offer DISABLE ROW LEVEL SECURITY")
    with tenancy.scoped_to(supplier.pk):
        assert Offer.objects.exclude(seller__organization=supplier).exists()


# Filled by people's own steps, which the world of the routes does not take; their policies are of the same make.
NEVER_FILLED = {
    "aftersales_findingphoto",
    "financing_tradeinphoto",
    "aftersales_redemption",
    "catalog_pricelist",
    "catalog_productproposal",
    "dealers_channelchange",
    "dealers_quota",
    "dealers_quotause",
    "notifications_notice",
    "notifications_noticereading",
    "notifications_threadmessage",
    "onboarding_application",
    "onboarding_contract",
    "onboarding_submission",
    "orders_recipientreveal",
    "scheduling_calendarfeed",
    "scheduling_resourceday",
    "scheduling_waitlistentry",
    "testdrives_damagephoto",
    "testdrives_survey",
}


@pytest.fixture
def seeded_rows(db, settings):
    """Two suppliers and two dealers at work."""
    settings.MFA_REQUIRED_ROLES = []
    with build_world() as world:
        yield world
