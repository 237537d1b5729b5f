"""The day of the handover: steps in their order, what is signed, its PDF, and the rules that stay the law."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.kernel.api import MoveNotAllowed, RefusedAttempt
from apps.kernel.errors import FileRefused
from apps.orders import api
from apps.orders.errors import (
    BalanceDue,
    CodeExhausted,
    FulfilmentNotFound,
    HandoverIncomplete,
    InvalidHandover,
    StepMissing,
    TermsMissing,
    TooManyPhotos,
    WrongCode,
)
from apps.orders.models import HandedItem, HandoverItem, HandoverPhoto, HandoverRecord, HandoverText
from apps.orders.policies.handovers import Progress, Step, next_step, write_text
from tests.factories.accounts import make_user
from tests.factories.handovers import arrive, make_area, make_picture, make_ready, next_handover, walk_to_signature
from tests.factories.orders import make_dealer_organization

SIGNED = {"name": "王小明", "agrees": True, "kilometres": 12}


@pytest.fixture
def fulfilment(shop):
    """A car that is ready to be handed over."""
    make_area(shop.store)
    return make_ready(shop, arrive(shop, user=make_user()))


@pytest.fixture
def who(shop, now):
    """Who acts at the dealer, and when."""
    return {"organization_id": shop.dealer.pk, "by": make_user(), "now": now}


@pytest.fixture
def keys(fulfilment, who):
    return {"fulfilment_id": fulfilment.pk, **who}


def codes_of(record, kind) -> set[str]:
    return set(record.items.filter(kind=kind).values_list("code", flat=True))


class TestPolicies:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, None),
            ({"is_closed": False}, Step.CODE),
            ({"is_closed": False, "is_signed": False}, Step.SIGNATURE),
            ({"is_closed": False, "is_signed": False, "photos": 0}, Step.PHOTOS),
            ({"has_pack": False, "photos": 0}, Step.PACK),
            ({"has_papers": False}, Step.PAPERS),
            ({"has_identity": False, "has_papers": False}, Step.IDENTITY),
        ],
    )
    def test_the_first_step_that_is_not_done_comes_next(self, changes, expected):
        done = {"has_identity": True, "has_papers": True, "has_pack": True, "photos": 1}

        assert next_step(Progress(**{**done, "is_signed": True, "is_closed": True, **changes})) is expected

    def test_what_is_signed_is_written_out(self):
        text = write_text(
            "OK. ", facts=[("VIN", "L1"), ("Km", "")], given=[("Papers", ["Invoice", "Manual"]), ("Pack", [])]
        )

        assert text == "OK.\n\nVIN: L1\n\nPapers: Invoice; Manual"


def test_the_papers_and_the_pack_fit_the_car(keys):
    record = api.begin_handover(**keys)

    assert {"invoice", "conformity", "warranty", "purchase-tax"} <= codes_of(record, "PAPER")
    assert "keys" in codes_of(record, "PACK")


@pytest.mark.parametrize(("powertrain", "has_cable"), [("bev", True), ("ice", False)])
def test_only_cars_with_a_plug_get_a_cable(powertrain, has_cable, shop, who):
    found = make_ready(shop, arrive(shop))
    trim = found.lines.get().item.product.trim
    trim.model.powertrain = powertrain
    trim.model.save(update_fields=["powertrain"])

    record = api.begin_handover(fulfilment_id=found.pk, **who)

    assert ("charging-cable" in codes_of(record, "PACK")) is has_cable


def test_beginning_twice_changes_nothing(keys):
    first = api.begin_handover(**keys)
    HandoverItem.objects.filter(code="invoice").update(name_zh="别的")

    again = api.begin_handover(**keys)

    assert again.pk == first.pk
    assert again.items.get(code="invoice").name_zh != "别的"


def test_a_car_that_is_not_ready_is_not_begun(shop, who):
    found = arrive(shop)
    keys = {"fulfilment_id": found.pk, **who}

    with pytest.raises(MoveNotAllowed):
        api.begin_handover(**keys)

    assert not HandoverRecord.objects.exists()
    assert RefusedAttempt.objects.get(action="orders.begin_handover").code == "move_not_allowed"


def test_another_dealer_finds_nothing(keys):
    foreign = {**keys, "organization_id": make_dealer_organization().pk}
    with pytest.raises(FulfilmentNotFound):
        api.begin_handover(**foreign)

    api.begin_handover(**keys)
    with pytest.raises(FulfilmentNotFound):
        api.access_record(fulfilment_id=keys["fulfilment_id"], organization_id=foreign["organization_id"])
    with pytest.raises(FulfilmentNotFound):
        api.check_identity(**foreign, receiver="BUYER", name="王小明", paper="ID_CARD")


def test_the_whole_handover(shop, fulfilment, keys, now):
    walk_to_signature(fulfilment, keys)

    record = api.sign_handover(**keys, **SIGNED, signature=make_picture("sign.png"))

    assert record.status == api.RecordStatus.SIGNED
    assert hashlib.sha256(record.text.encode()).hexdigest() == record.text_digest
    vin = api.cars_of(fulfilment)[0].vin
    assert all(part in record.text for part in (vin, "王小明", "机动车销售统一发票", "钥匙两把", "2026-06-10 10:00"))

    done = api.complete_handover(**keys, code=shop.code_of(fulfilment))

    assert done.status == api.RecordStatus.CLOSED
    fulfilment.refresh_from_db()
    assert (fulfilment.status, fulfilment.done_at) == (api.FulfilmentStatus.HANDED_OVER, now)
    shop.drain()
    assert "handover_done" in shop.messages()
    # Repeating it with the right code changes nothing.
    assert api.complete_handover(**keys, code=shop.code_of(fulfilment)).status == api.RecordStatus.CLOSED


def test_it_ends_the_appointment(shop, fulfilment, keys, now):
    appointment = api.book_handover(**keys, starts_at=next_handover(shop.store, now=now))
    walk_to_signature(fulfilment, keys)
    api.sign_handover(**keys, **SIGNED)
    api.complete_handover(**keys, code=shop.code_of(fulfilment))

    appointment.refresh_from_db()
    assert (appointment.ended_at, appointment.booking.status) == (now, "DONE")


STEPS = {
    "identity": lambda keys: api.check_identity(**keys, receiver="BUYER", name="王小明", paper="ID_CARD"),
    "papers": lambda keys: api.give_items(**keys, kind=api.HandedKind.PAPER, codes=_all("PAPER")),
    "pack": lambda keys: api.give_items(**keys, kind=api.HandedKind.PACK, codes=_all("PACK")),
    "photos": lambda keys: api.add_handover_photo(**keys, upload=make_picture()),
    "signature": lambda keys: api.sign_handover(**keys, **SIGNED),
}


def _all(kind: str) -> set[str]:
    return set(HandedItem.objects.filter(kind=kind).values_list("code", flat=True))


def begin_and_walk(keys, steps) -> None:
    api.begin_handover(**keys)
    for step in steps:
        STEPS[step](keys)


@pytest.mark.parametrize("done", range(5))
def test_a_step_out_of_order_names_the_one_that_comes_first(done, shop, fulfilment, keys):
    names = list(STEPS)
    begin_and_walk(keys, names[:done])
    before = HandoverRecord.objects.values().get()

    for name in names[done + 1 :]:
        with pytest.raises(StepMissing) as refusal:
            STEPS[name](keys)
        assert refusal.value.context["step"] == names[done]
    with pytest.raises(StepMissing) as refusal:
        api.complete_handover(**keys, code=shop.code_of(fulfilment))
    assert refusal.value.context["step"] == names[done]

    assert HandoverRecord.objects.values().get() == before
    fulfilment.refresh_from_db()
    assert fulfilment.status == api.FulfilmentStatus.READY


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_noted_before_the_handover_was_begun(step, keys):
    with pytest.raises(StepMissing) as refusal:
        STEPS[step](keys)

    assert refusal.value.context["step"] == "begin"
    assert not HandoverRecord.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_what_is_signed_does_not_change(step, fulfilment, keys):
    walk_to_signature(fulfilment, keys)
    api.sign_handover(**keys, **SIGNED)
    before = HandoverRecord.objects.values().get()

    with pytest.raises(MoveNotAllowed):
        STEPS[step](keys)

    assert HandoverRecord.objects.values().get() == before
    assert HandoverPhoto.objects.count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_car_that_went_by_code_alone_has_nothing_left_to_write_down(step, shop, fulfilment, keys):
    api.begin_handover(**keys)
    api.hand_over(**keys, code=shop.code_of(fulfilment))

    with pytest.raises(MoveNotAllowed):
        STEPS[step](keys)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"receiver": "THIEF"}, "receiver"), ({"paper": ""}, "paper"), ({"name": "  "}, "name")],
)
def test_identity_says_who_and_by_what(changes, field, keys):
    api.begin_handover(**keys)

    with pytest.raises(InvalidHandover) as refusal:
        api.check_identity(**keys, **{"receiver": "PROXY", "name": "李四", "paper": "PASSPORT", **changes})

    assert set(refusal.value.fields) == {field}
    assert HandoverRecord.objects.get().identity_checked_at is None


def test_what_is_required_must_be_given_and_what_is_not_may_be_left(keys):
    record = api.begin_handover(**keys)
    STEPS["identity"](keys)
    papers = codes_of(record, "PAPER")

    with pytest.raises(HandoverIncomplete) as refusal:
        api.give_items(**keys, kind=api.HandedKind.PAPER, codes=papers - {"invoice", "insurance"})
    assert refusal.value.context["items"] == ["invoice"]
    assert not record.items.filter(is_given=True).exists()

    api.give_items(**keys, kind=api.HandedKind.PAPER, codes=papers - {"insurance"})
    assert set(record.items.filter(kind="PAPER", is_given=False).values_list("code", flat=True)) == {"insurance"}


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (SimpleUploadedFile("car.jpg", b"<script>alert(1)</script>", "image/jpeg"), FileRefused),
        (SimpleUploadedFile("car.pdf", b"%PDF-1.7 ...", "application/pdf"), InvalidHandover),
    ],
)
def test_a_photo_is_a_picture(upload, refusal, keys):
    begin_and_walk(keys, ["identity", "papers", "pack"])

    with pytest.raises(refusal) as refused:
        api.add_handover_photo(**keys, upload=upload)

    assert set(refused.value.fields) == {"photo"}
    assert not HandoverPhoto.objects.exists()


def test_there_are_photos_enough(keys):
    begin_and_walk(keys, ["identity", "papers", "pack"])
    for _ in range(20):
        STEPS["photos"](keys)

    with pytest.raises(TooManyPhotos):
        STEPS["photos"](keys)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"agrees": False}, "agree"), ({"kilometres": -1}, "kilometres")],
)
def test_nobody_signs_blindly(changes, field, fulfilment, keys):
    walk_to_signature(fulfilment, keys)

    with pytest.raises(InvalidHandover) as refusal:
        api.sign_handover(**keys, **{**SIGNED, **changes})

    assert set(refusal.value.fields) == {field}
    assert HandoverRecord.objects.get().signed_at is None


def test_nobody_signs_for_a_car_that_is_not_paid(shop, who):
    make_area(shop.store)
    found = make_ready(shop, arrive(shop, user=make_user(), plan="deposit"))
    keys = {"fulfilment_id": found.pk, **who}
    walk_to_signature(found, keys)

    with pytest.raises(BalanceDue):
        api.sign_handover(**keys, **SIGNED)
    assert HandoverRecord.objects.get().status == api.RecordStatus.OPEN

    shop.pay_balance(found.order)
    assert api.sign_handover(**keys, **SIGNED).status == api.RecordStatus.SIGNED


def test_without_a_text_in_force_nobody_signs(fulfilment, keys):
    walk_to_signature(fulfilment, keys)
    HandoverText.objects.all().delete()

    with pytest.raises(TermsMissing):
        api.sign_handover(**keys, **SIGNED)


def test_the_code_stays_the_law(shop, fulfilment, keys):
    walk_to_signature(fulfilment, keys)
    api.sign_handover(**keys, **SIGNED)

    for _ in range(5):
        with pytest.raises(WrongCode):
            api.complete_handover(**keys, code="000000x")
    with pytest.raises(CodeExhausted):
        api.complete_handover(**keys, code=shop.code_of(fulfilment))

    fulfilment.refresh_from_db()
    assert fulfilment.status == api.FulfilmentStatus.READY
    assert HandoverRecord.objects.get().status == api.RecordStatus.SIGNED


def test_the_record_is_printed_once_with_its_hash(fulfilment, keys, now):
    walk_to_signature(fulfilment, keys)
    assert api.print_records(now=now) == 0
    api.sign_handover(**keys, **SIGNED, signature=make_picture("sign.png"))

    assert api.print_records(now=now) == 1
    assert api.print_records(now=now + timedelta(minutes=1)) == 0

    record = HandoverRecord.objects.get()
    content = record.file.content.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == record.file_digest
