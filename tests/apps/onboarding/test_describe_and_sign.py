"""Describing the company and signing the contract, and every way in which either is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.kernel.api import PrivateFile
from apps.onboarding.api import Application, Attempt, Contract, Submission, describe_company, sign_contract
from apps.onboarding.errors import (
    ApplicationClosed,
    CompanyNotDescribed,
    ContractOutdated,
    DeadlinePassed,
    EntryInvalid,
    UnknownRequirement,
)
from apps.suppliers.api import get_supplier
from tests.factories.onboarding import SIGNED, begin, complete, submitted

pytestmark = pytest.mark.django_db
COMPANY = {"name_zh": "青屿零部件有限公司", "region": "上海市", "address": "世纪大道 8 号", "business": "制动系统"}


def describe(application, now, **changes):
    return describe_company(application_id=application.pk, by=None, now=now, **{**COMPANY, **changes})


def sign(application, now, **changes):
    values = {"requirement": "contract", "version": "2026-1", "signature": SIGNED, "language": "zh-hans"}
    return sign_contract(application_id=application.pk, by=None, now=now, **{**values, **changes})


def outcomes(application) -> list[str]:
    return list(Attempt.objects.filter(application=application).order_by("pk").values_list("outcome", flat=True))


def written(application) -> tuple:
    return Application.objects.values_list("name_zh", "region", "address", "business").get(pk=application.pk)


@pytest.fixture
def ready(now) -> Application:
    """An application that lacks nothing but that it is handed in."""
    return complete(begin(now=now), now=now)


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"name_zh": " "}, "name_zh"),
        ({"region": ""}, "region"),
        ({"address": "\t"}, "address"),
        ({"business": ""}, "business"),
        ({"name_zh": "名" * 121}, "name_zh"),
        ({"name_en": "n" * 1000}, "name_en"),
    ],
)
def test_refuses_a_company_that_is_half_described(entry, field, now):
    application = begin(now=now)
    before, name = written(application), get_supplier(organization_id=application.organization_id).name_zh

    with pytest.raises(EntryInvalid) as refusal:
        describe(application, now, **entry)

    assert list(refusal.value.fields) == [field]
    assert written(application) == before
    assert get_supplier(organization_id=application.organization_id).name_zh == name
    assert outcomes(application)[-1] == "entry_invalid"


@pytest.mark.parametrize("act", [describe, sign])
def test_refuses_to_write_in_what_is_reviewed(act, now):
    application = submitted(now=now)
    before, contracts = written(application), Contract.objects.count()

    with pytest.raises(ApplicationClosed):
        act(application, now)

    assert (written(application), Contract.objects.count()) == (before, contracts)
    assert outcomes(application)[-1] == "application_closed"


@pytest.mark.parametrize("act", [describe, sign])
def test_refuses_to_write_after_the_deadline(act, ready, now):
    before, contracts = written(ready), Contract.objects.count()

    with pytest.raises(DeadlinePassed):
        act(ready, now + timedelta(days=30))

    assert (written(ready), Contract.objects.count()) == (before, contracts)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"version": "2025-1"}, ContractOutdated),
        ({"version": ""}, ContractOutdated),
        ({"requirement": "licence"}, UnknownRequirement),
        ({"requirement": "nonsense"}, UnknownRequirement),
        ({"signature": replace(SIGNED, name=" ")}, EntryInvalid),
        ({"signature": replace(SIGNED, title="长" * 61)}, EntryInvalid),
        ({"signature": replace(SIGNED, has_agreed=False)}, EntryInvalid),
    ],
)
def test_refuses_a_signature_that_is_none_and_keeps_nothing(changes, error, ready, now):
    before = Submission.objects.count(), Contract.objects.count(), PrivateFile.objects.count()

    with pytest.raises(error):
        sign(ready, now, **changes)

    assert (Submission.objects.count(), Contract.objects.count(), PrivateFile.objects.count()) == before
    assert outcomes(ready)[-1] == error.code


def test_refuses_to_sign_for_a_company_that_is_not_described(now):
    application = begin(now=now)

    with pytest.raises(CompanyNotDescribed):
        sign(application, now)
    describe(application, now)
    with pytest.raises(CompanyNotDescribed):
        sign(application, now)

    assert not Contract.objects.exists()
    assert not Submission.objects.exists()
