"""Suppliers and their status."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.kernel.api import MoveNotAllowed
from apps.suppliers.api import (
    SUPPLIER,
    InvalidTaxNumber,
    Supplier,
    SupplierNotApproved,
    SupplierStatus,
    UnknownSupplier,
    get_supplier,
    list_suppliers,
    load_suppliers,
    require_approved_supplier,
    restore_supplier,
    set_supplier_score,
    suspend_supplier,
)
from apps.suppliers.errors import ScoreOutOfRange
from tests.factories.dealers import make_organization, make_supplier

pytestmark = pytest.mark.django_db

# Check digits by GB 32100.
GOOD_USCC, BAD_USCC = "91320412MADE05015D", "91320412MADE050150"


def test_only_an_approved_supplier_may_sell(now):
    supplier = make_supplier()
    assert require_approved_supplier(organization_id=supplier.organization_id) == supplier

    suspend_supplier(organization_id=supplier.organization_id, reason="licence expired", by=None, now=now)
    with pytest.raises(SupplierNotApproved):
        require_approved_supplier(organization_id=supplier.organization_id)

    restore_supplier(organization_id=supplier.organization_id, reason="licence renewed", by=None, now=now)
    assert require_approved_supplier(organization_id=supplier.organization_id).status == SupplierStatus.APPROVED
    assert [change.reason for change in SUPPLIER.history(supplier)] == ["licence expired", "licence renewed"]


@pytest.mark.parametrize("status", [status for status in SupplierStatus if status is not SupplierStatus.APPROVED])
def test_refuses_to_suspend_any_other_status_and_changes_nothing(status, now):
    supplier = make_supplier(status=status)

    with pytest.raises(MoveNotAllowed):
        suspend_supplier(organization_id=supplier.organization_id, reason="", by=None, now=now)

    supplier.refresh_from_db()
    assert supplier.status == status
    assert not SUPPLIER.history(supplier).exists()


def test_refuses_an_organization_that_is_no_supplier():
    with pytest.raises(UnknownSupplier):
        get_supplier(organization_id=424242)


def test_lists_by_status():
    approved, applied = make_supplier(), make_supplier(status=SupplierStatus.APPLIED)

    assert set(list_suppliers()) == {approved, applied}
    assert list(list_suppliers(statuses=[SupplierStatus.APPLIED])) == [applied]


def test_a_score_lies_between_0_and_100():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_supplier(score=Decimal(101))


def test_a_score_is_one_supplier_s(now):
    supplier, other = make_supplier(score=Decimal(60)), make_supplier(score=Decimal(60))

    set_supplier_score(organization_id=supplier.organization_id, score=Decimal(100), by=None, now=now)

    assert [Supplier.objects.get(pk=one.pk).score for one in (supplier, other)] == [100, 60]


@pytest.mark.parametrize("score", [Decimal("-0.01"), Decimal("100.01")])
def test_refuses_a_score_out_of_range_and_changes_nothing(score, now):
    supplier = make_supplier(score=Decimal(60))

    with pytest.raises(ScoreOutOfRange):
        set_supplier_score(organization_id=supplier.organization_id, score=score, by=None, now=now)

    supplier.refresh_from_db()
    assert supplier.score == 60


def test_loading_again_updates_and_adds_nothing(now):
    make_organization(kind="SUPPLIER", code="SUP-A")
    row = {"code": "SUP-A", "name_zh": "甲", "name_en": "A", "uscc": GOOD_USCC, "score": 90}

    load_suppliers({"suppliers": [row]}, now=now)
    loaded = load_suppliers({"suppliers": [{**row, "score": 91}]}, now=now)

    assert (Supplier.objects.count(), loaded["SUP-A"].score, loaded["SUP-A"].status) == (1, 91, "APPROVED")


def test_refuses_a_wrong_tax_number_and_loads_nothing(now):
    make_organization(kind="SUPPLIER", code="SUP-A")
    row = {"code": "SUP-A", "name_zh": "甲", "name_en": "A", "uscc": BAD_USCC, "score": 90}

    with pytest.raises(InvalidTaxNumber):
        load_suppliers({"suppliers": [row]}, now=now)
    assert not Supplier.objects.exists()
