"""What a dealer tries and may not: nothing is half-written, and the trail says who tried what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.api import Role
from apps.catalog.api import configure
from apps.dealers.api import DealerNotAuthorized
from apps.kernel.api import FileRefused, MoveNotAllowed, PrivateFile, RefusedAttempt
from apps.leads.api import Quote, issue_quote
from apps.orders import api
from apps.orders.errors import FulfilmentNotFound, InvalidInspection, UnknownVin
from tests.factories.accounts import make_member
from tests.factories.dealers import make_dealer


@pytest.fixture
def clerk(shop):
    return make_member(Role.DEALER_CLERK, shop.dealer)


@pytest.fixture
def fulfilment(shop, clerk):
    """A car on its way to the store."""
    found = shop.placed(shop.car(), method="pickup").fulfilments.get()
    api.accept_fulfilment(fulfilment_id=found.pk, organization_id=shop.dealer.pk, by=clerk, now=shop.now)
    return found


@pytest.fixture
def keys(shop, clerk):
    return {"organization_id": shop.dealer.pk, "by": clerk, "now": shop.now}


@pytest.fixture
def inspection(fulfilment, keys):
    api.mark_arrived(fulfilment_id=fulfilment.pk, **keys)
    return api.open_inspections(fulfilment_id=fulfilment.pk, **keys)[0]


def attempts() -> list[tuple[str, str, str]]:
    """What was refused, in order."""
    rows = RefusedAttempt.objects.order_by("pk")
    return [(one.action, one.subject, one.code) for one in rows]


def test_a_car_nobody_expects(fulfilment, keys, clerk):
    with pytest.raises(UnknownVin):
        api.mark_arrived(fulfilment_id=fulfilment.pk, vin="LSVAA49J132047371", **keys)

    assert attempts() == [("orders.mark_arrived", str(fulfilment.pk), "unknown_vin")]
    attempt = RefusedAttempt.objects.get()
    assert (attempt.by, attempt.asked["vin"]) == (clerk, "LSVAA49J132047371")
    fulfilment.refresh_from_db()
    assert fulfilment.status == "IN_TRANSIT"


def test_somebody_else_s_order(fulfilment, shop):
    stranger = make_dealer().organization

    with pytest.raises(FulfilmentNotFound):
        api.accept_fulfilment(fulfilment_id=fulfilment.pk, organization_id=stranger.pk, by=None, now=shop.now)

    assert attempts() == [("orders.accept_fulfilment", str(fulfilment.pk), "not_found")]
    assert RefusedAttempt.objects.get().asked["organization_id"] == stranger.pk


def test_a_step_that_is_not_due(fulfilment, keys):
    with pytest.raises(MoveNotAllowed):
        api.mark_ready(fulfilment_id=fulfilment.pk, **keys)

    assert attempts() == [("orders.mark_ready", str(fulfilment.pk), "move_not_allowed")]


@pytest.mark.parametrize(
    ("content", "error"), [(b"%PDF-1.7", InvalidInspection), (b"<svg>", FileRefused), (b"\x89PNG\r\n", FileRefused)]
)
def test_a_photo_that_is_none(inspection, keys, content, error):
    item = inspection.items.first()
    upload = SimpleUploadedFile("photo.png", content, "image/png")

    with pytest.raises(error) as caught:
        api.add_photo(inspection_id=inspection.pk, code=item.code, upload=upload, **keys)

    assert list(caught.value.fields) == [item.code]
    assert [action for action, _subject, _code in attempts()] == ["orders.add_photo"]
    assert RefusedAttempt.objects.get().asked["upload.name"] == "photo.png"
    assert not PrivateFile.objects.exists()
    assert not item.photos.exists()


def test_a_signature_of_garbage(inspection, keys):
    garbage = SimpleUploadedFile("signature.png", b"scribble", "image/png")
    answers = [api.Answer(code=item.code, result="na") for item in inspection.items.all()]
    api.answer_items(inspection_id=inspection.pk, answers=answers, **keys)

    with pytest.raises(FileRefused):
        api.sign_inspection(inspection_id=inspection.pk, name="李工", signature=garbage, **keys)

    assert attempts() == [("orders.sign_inspection", str(inspection.pk), "file_refused")]
    inspection.refresh_from_db()
    assert (inspection.status, inspection.signed_name, inspection.signed_at) == ("OPEN", "", None)
    assert not PrivateFile.objects.exists()


def test_a_quote_of_a_dealer_that_may_not_sell(shop, clerk):
    shop.store.dealer.authorizations.all().delete()
    built = configure(product_id=shop.car().pk, option_codes=[], by=None, now=shop.now)

    with pytest.raises(DealerNotAuthorized) as caught:
        issue_quote(
            organization_id=shop.dealer.pk,
            store_id=shop.store.pk,
            configuration_id=built.pk,
            by=clerk,
            now=shop.now,
        )

    assert caught.value.context["rule"] == "brand"
    assert attempts() == [("leads.issue_quote", str(shop.store.pk), "dealer_not_authorized")]
    assert RefusedAttempt.objects.get().context["rule"] == "brand"
    assert not Quote.objects.exists()
