"""The inspection before delivery: checklist, faults, photos, signature; and the report of a dealer's system."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.kernel.api import MoveNotAllowed, PrivateFile
from apps.kernel.errors import FileRefused
from apps.orders import api
from apps.orders.errors import (
    ContactClosed,
    FulfilmentNotFound,
    InspectionIncomplete,
    InspectionNotFound,
    InvalidInspection,
    NoVehicleAssigned,
    ReasonRequired,
    TooManyPhotos,
)
from apps.orders.models import AssignedVehicle, ChecklistItem, Inspection, InspectionItem, InspectionPhoto
from apps.orders.policies.inspections import Checked, Gap, belongs, find_gaps
from tests.factories.accounts import make_user
from tests.factories.orders import make_dealer_organization

R = api.Result


def picture(name="photo.png") -> SimpleUploadedFile:
    """A small PNG."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


@pytest.fixture
def fulfilment(shop):
    """A car that stands at the store."""
    found = shop.placed(shop.car(), method="pickup").fulfilments.get()
    keys = {"fulfilment_id": found.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
    api.accept_fulfilment(**keys)
    api.mark_arrived(**keys)
    found.refresh_from_db()
    return found


@pytest.fixture
def keys(shop, fulfilment):
    """Who acts on the fulfilment, and when."""
    return {"organization_id": shop.dealer.pk, "by": make_user(), "now": shop.now}


@pytest.fixture
def inspection(fulfilment, keys):
    return api.open_inspections(fulfilment_id=fulfilment.pk, **keys)[0]


def answer_all(inspection, keys, **changes):
    """Answer every item with OK, but for the given ones; photograph what needs it."""
    answers = [changes.get(item.code, api.Answer(code=item.code, result=R.OK)) for item in inspection.items.all()]
    api.answer_items(inspection_id=inspection.pk, answers=answers, **keys)
    for item in inspection.items.filter(needs_photo=True, photos=None):
        api.add_photo(inspection_id=inspection.pk, code=item.code, upload=picture(), **keys)


class TestPolicies:
    @pytest.mark.parametrize(
        ("body_types", "powertrains", "expected"),
        [([], [], True), (["suv"], [], False), (["sedan"], ["bev"], True), ([], ["ice"], False)],
    )
    def test_an_item_belongs_to_its_cars(self, body_types, powertrains, expected):
        found = belongs(body_types=body_types, powertrains=powertrains, body_type="sedan", powertrain="bev")

        assert found is expected

    @pytest.mark.parametrize(
        ("result", "repair_note", "photos", "with_photos", "gap"),
        [
            ("", "", 0, True, Gap.OPEN),
            (R.FAULT, "", 1, True, Gap.FAULT),
            (R.OK, "", 0, True, Gap.PHOTO),
            (R.OK, "", 0, False, None),
            (R.FAULT, "polished", 1, True, None),
            (R.NOT_APPLICABLE, "", 0, True, None),
        ],
    )
    def test_what_keeps_a_car_here(self, result, repair_note, photos, with_photos, gap):
        item = Checked(code="paint", result=result, repair_note=repair_note, needs_photo=True, photos=photos)

        assert find_gaps([item], with_photos=with_photos) == ({"paint": gap} if gap else {})


def test_the_checklist_fits_the_car(inspection):
    codes = set(inspection.items.values_list("code", flat=True))

    assert {"vin-plate", "battery-health", "warnings"} <= codes
    assert not {"engine", "cargo-bed", "sliding-doors"} & codes


def test_opening_twice_changes_nothing(inspection, fulfilment, keys):
    again = api.open_inspections(fulfilment_id=fulfilment.pk, **keys)

    assert [one.pk for one in again] == [inspection.pk]


def test_what_was_opened_keeps_its_words(inspection):
    ChecklistItem.objects.filter(code="paint").update(name_zh="别的", is_active=False)

    assert inspection.items.get(code="paint").name_zh != "别的"


def test_a_whole_inspection_passes_the_car(inspection, fulfilment, keys):
    answer_all(inspection, keys)

    signed = api.sign_inspection(inspection_id=inspection.pk, name="李工", signature=picture("sign.png"), **keys)

    assert signed.status == api.FulfilmentStatus.PDI_PASSED
    inspection.refresh_from_db()
    assert (inspection.status, inspection.signed_name, inspection.is_attested) == ("PASSED", "李工", False)
    assert inspection.signature is not None


def test_a_fault_blocks_until_it_is_repaired(inspection, fulfilment, keys, shop):
    fault = api.Answer(code="paint", result=R.FAULT, note="左前门划痕")
    answer_all(inspection, keys, paint=fault)

    with pytest.raises(InspectionIncomplete) as caught:
        api.sign_inspection(inspection_id=inspection.pk, name="李工", **keys)
    assert caught.value.context["items"] == {"paint": "fault"}
    with pytest.raises(MoveNotAllowed):
        api.mark_ready(fulfilment_id=fulfilment.pk, **keys)
    fulfilment.refresh_from_db()
    assert fulfilment.status == api.FulfilmentStatus.ARRIVED

    repaired = api.Answer(code="paint", result=R.FAULT, note="左前门划痕", repair_note="已抛光")
    api.answer_items(inspection_id=inspection.pk, answers=[repaired], **keys)
    api.sign_inspection(inspection_id=inspection.pk, name="李工", **keys)

    fulfilment.refresh_from_db()
    assert fulfilment.status == api.FulfilmentStatus.PDI_PASSED


def test_a_missing_photo_blocks(inspection, keys):
    answers = [api.Answer(code=item.code, result=R.OK) for item in inspection.items.all()]
    api.answer_items(inspection_id=inspection.pk, answers=answers, **keys)

    with pytest.raises(InspectionIncomplete) as caught:
        api.sign_inspection(inspection_id=inspection.pk, name="李工", **keys)

    assert set(caught.value.context["items"].values()) == {"photo"}


@pytest.mark.parametrize(
    "answer",
    [
        api.Answer(code="nothing", result=R.OK),
        api.Answer(code="paint", result="great"),
        api.Answer(code="paint", result=R.FAULT, note="  "),
    ],
)
def test_refuses_bad_answers_and_keeps_none(inspection, keys, answer):
    good = api.Answer(code="keys", result=R.OK)

    with pytest.raises(InvalidInspection) as caught:
        api.answer_items(inspection_id=inspection.pk, answers=[good, answer], **keys)

    assert answer.code in caught.value.fields
    assert not inspection.items.exclude(result="").exists()


def test_nobody_signs_without_a_name(inspection, keys):
    answer_all(inspection, keys)

    with pytest.raises(InvalidInspection):
        api.sign_inspection(inspection_id=inspection.pk, name="  ", **keys)

    assert Inspection.objects.get().status == "OPEN"


@pytest.mark.parametrize("content", [b"%PDF-1.7 nothing", b"<svg onload=alert(1)>", b"GIF89a"])
def test_what_is_no_picture_is_no_photo(inspection, keys, content):
    with pytest.raises((FileRefused, InvalidInspection)):
        api.add_photo(inspection_id=inspection.pk, code="paint", upload=SimpleUploadedFile("a.png", content), **keys)

    assert not InspectionPhoto.objects.exists()
    assert not PrivateFile.objects.exists()


def test_an_item_takes_four_photos(inspection, keys):
    for _ in range(4):
        api.add_photo(inspection_id=inspection.pk, code="paint", upload=picture(), **keys)

    with pytest.raises(TooManyPhotos):
        api.add_photo(inspection_id=inspection.pk, code="paint", upload=picture(), **keys)
    assert InspectionPhoto.objects.count() == 4


def test_what_is_signed_stays(inspection, keys):
    answer_all(inspection, keys)
    api.sign_inspection(inspection_id=inspection.pk, name="李工", **keys)

    for attempt in (
        lambda: api.answer_items(inspection_id=inspection.pk, answers=[], **keys),
        lambda: api.sign_inspection(inspection_id=inspection.pk, name="别人", **keys),
        lambda: api.add_photo(inspection_id=inspection.pk, code="paint", upload=picture(), **keys),
    ):
        with pytest.raises(MoveNotAllowed):
            attempt()
    assert Inspection.objects.get().signed_name == "李工"


def test_another_dealer_finds_nothing(inspection, fulfilment, keys):
    foreign = {**keys, "organization_id": make_dealer_organization().pk}

    for attempt in (
        lambda: api.access_inspection(inspection_id=inspection.pk, organization_id=foreign["organization_id"]),
        lambda: api.answer_items(inspection_id=inspection.pk, answers=[], **foreign),
        lambda: api.sign_inspection(inspection_id=inspection.pk, name="x", **foreign),
        lambda: api.add_photo(inspection_id=inspection.pk, code="paint", upload=picture(), **foreign),
    ):
        with pytest.raises(InspectionNotFound):
            attempt()
    with pytest.raises(FulfilmentNotFound):
        api.open_inspections(fulfilment_id=fulfilment.pk, **foreign)
    assert api.list_inspections(fulfilment.pk, organization_id=foreign["organization_id"]) == []


def test_a_car_that_has_not_arrived_is_not_inspected(shop, keys):
    waiting = shop.placed(shop.car(), method="pickup").fulfilments.get()

    with pytest.raises(MoveNotAllowed):
        api.open_inspections(fulfilment_id=waiting.pk, **keys)
    assert not Inspection.objects.filter(fulfilment=waiting).exists()


def test_without_a_car_there_is_nothing_to_inspect(fulfilment, keys, shop):
    AssignedVehicle.objects.filter(line__fulfilment=fulfilment).update(released_at=shop.now)

    with pytest.raises(NoVehicleAssigned):
        api.open_inspections(fulfilment_id=fulfilment.pk, **keys)


class TestReport:
    def test_a_report_without_items_attests_everything(self, fulfilment, keys):
        api.pass_pdi(fulfilment_id=fulfilment.pk, **keys)

        found = Inspection.objects.get()
        assert (found.status, found.is_attested) == ("PASSED", True)
        assert set(found.items.values_list("result", flat=True)) == {"ok"}

    def test_an_attestation_does_not_wipe_out_a_fault(self, inspection, fulfilment, keys):
        fault = api.Answer(code="paint", result=R.FAULT, note="划痕")
        api.answer_items(inspection_id=inspection.pk, answers=[fault], **keys)

        with pytest.raises(InspectionIncomplete):
            api.pass_pdi(fulfilment_id=fulfilment.pk, **keys)

        fulfilment.refresh_from_db()
        assert fulfilment.status == api.FulfilmentStatus.ARRIVED
        assert InspectionItem.objects.filter(result="ok").count() == 0

    def test_a_report_must_be_whole(self, fulfilment, keys):
        with pytest.raises(InspectionIncomplete) as caught:
            api.pass_pdi(fulfilment_id=fulfilment.pk, items=[api.Answer(code="paint", result=R.OK)], **keys)

        assert caught.value.context["items"]["keys"] == "open"
        assert "paint" not in caught.value.context["items"]
        assert not Inspection.objects.exists()

    def test_a_whole_report_passes_without_photos(self, inspection, fulfilment, keys):
        items = [api.Answer(code=item.code, result=R.OK, vin=inspection.vin) for item in inspection.items.all()]

        api.pass_pdi(fulfilment_id=fulfilment.pk, items=items, signed_name="DMS", **keys)

        assert Inspection.objects.get().signed_name == "DMS"

    def test_two_cars_need_two_signatures(self, shop, keys):
        found = shop.placed((shop.car(stock=2), 2), method="pickup").fulfilments.get()
        own = {**keys, "fulfilment_id": found.pk}
        api.accept_fulfilment(**own)
        api.mark_arrived(**own)
        first, second = api.open_inspections(**own)

        answer_all(first, keys)
        assert api.sign_inspection(inspection_id=first.pk, name="李工", **keys).status == "ARRIVED"
        answer_all(second, keys)
        assert api.sign_inspection(inspection_id=second.pk, name="李工", **keys).status == "PDI_PASSED"


class TestSteps:
    def test_each_step_has_a_clock_and_ready_is_the_buyer_s(self, shop, fulfilment, keys):
        assert fulfilment.next_due_at == shop.now + timedelta(hours=48)

        assert api.flag_late_steps(now=shop.now + timedelta(hours=47)) == []
        assert api.flag_late_steps(now=shop.now + timedelta(hours=48)) == [fulfilment.pk]
        fulfilment.refresh_from_db()
        assert fulfilment.attention == api.Reason.LATE

        api.pass_pdi(fulfilment_id=fulfilment.pk, **keys)
        fulfilment.refresh_from_db()
        assert (fulfilment.attention, fulfilment.next_due_at) == ("", shop.now + timedelta(hours=24))

        api.mark_ready(fulfilment_id=fulfilment.pk, **keys)
        assert api.flag_late_steps(now=shop.now + timedelta(days=30)) == []

    def test_what_is_done_has_no_clock(self, shop, fulfilment, keys):
        api.pass_pdi(fulfilment_id=fulfilment.pk, **keys)
        api.mark_ready(fulfilment_id=fulfilment.pk, **keys)
        api.hand_over(fulfilment_id=fulfilment.pk, code=shop.code_of(fulfilment), **keys)

        fulfilment.refresh_from_db()
        assert fulfilment.next_due_at is None


class TestReveal:
    def test_a_look_at_the_number_is_written_down(self, fulfilment, keys):
        phone = api.reveal_recipient(fulfilment_id=fulfilment.pk, reason="约交车时间", **keys)

        assert phone.endswith("13800138000")
        look = api.RecipientReveal.objects.get()
        assert (look.reason, look.by) == ("约交车时间", keys["by"])

    def test_it_needs_a_reason_a_party_and_something_to_do(self, shop, fulfilment, keys):
        with pytest.raises(ReasonRequired):
            api.reveal_recipient(fulfilment_id=fulfilment.pk, reason=" ", **keys)
        foreign = {**keys, "organization_id": make_dealer_organization().pk}
        with pytest.raises(FulfilmentNotFound):
            api.reveal_recipient(fulfilment_id=fulfilment.pk, reason="x", **foreign)
        api.pass_pdi(fulfilment_id=fulfilment.pk, **keys)
        api.mark_ready(fulfilment_id=fulfilment.pk, **keys)
        api.hand_over(fulfilment_id=fulfilment.pk, code=shop.code_of(fulfilment), **keys)
        with pytest.raises(ContactClosed):
            api.reveal_recipient(fulfilment_id=fulfilment.pk, reason="x", **keys)

        assert not api.RecipientReveal.objects.exists()
