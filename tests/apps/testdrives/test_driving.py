"""From the store's confirmation to the driver's answer; leads, messages, the printed agreement."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from apps.kernel.api import DomainError, MoveNotAllowed, PrinterMissing, RefusedAttempt, outbox
from apps.leads.api import Lead
from apps.notifications.models import Message
from apps.scheduling.api import Booking, MovedMeanwhile, list_feed, make_feed, open_feed, remind_due
from apps.testdrives import api
from apps.testdrives.services.telling import open_lead_of, tell_driver
from tests.factories.dealers import make_store
from tests.factories.testdrives import make_driver

STEPS = {
    "confirm": api.confirm_test_drive,
    "check_in": api.check_in,
    "complete": api.complete_test_drive,
    "no_show": api.mark_no_show,
    "cancel": api.cancel_test_drive,
}
ALLOWED = {
    "REQUESTED": {"confirm", "no_show", "cancel"},
    "CONFIRMED": {"check_in", "no_show", "cancel"},
    "CHECKED_IN": {"complete"},
    "COMPLETED": set(),
    "CANCELLED": set(),
    "NO_SHOW": set(),
}
WAYS = {
    "REQUESTED": (),
    "CONFIRMED": ("confirm",),
    "CHECKED_IN": ("confirm", "check_in"),
    "COMPLETED": ("confirm", "check_in", "complete"),
    "CANCELLED": ("cancel",),
    "NO_SHOW": ("no_show",),
}


def picture(kind="PNG"):
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind)
    return ContentFile(content.getvalue(), name="dent.png")


@pytest.fixture
def walked(book, keys):
    """Return a function: a test drive that has come so far."""

    def walk(status):
        drive = book()
        for step in WAYS[status]:
            STEPS[step](**keys(drive))
        drive.refresh_from_db()
        assert drive.status == status
        return drive

    return walk


@pytest.mark.parametrize("status", ALLOWED)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_starts_from_where_it_may_and_nowhere_else(walked, keys, status, step):
    drive = walked(status)

    if step in ALLOWED[status]:
        assert STEPS[step](**keys(drive)).status != status
        return
    with pytest.raises(MoveNotAllowed):
        STEPS[step](**keys(drive))
    drive.refresh_from_db()
    assert drive.status == status
    tried = RefusedAttempt.objects.get()
    assert (tried.action.partition(".")[0], tried.code, tried.subject) == (
        "testdrives",
        "move_not_allowed",
        str(drive.pk),
    )


@pytest.mark.parametrize("step", STEPS)
def test_another_dealer_finds_nothing(book, keys, step):
    drive = book()
    foreign = make_store().dealer.organization_id

    with pytest.raises(api.TestDriveNotFound):
        STEPS[step](**{**keys(drive), "organization_id": foreign})
    drive.refresh_from_db()
    assert drive.status == "REQUESTED"


def test_who_confirms_has_it_in_the_calendar(book, keys, clerk, now):
    drive = book()
    api.confirm_test_drive(**keys(drive))
    token = make_feed(user=clerk, organization_id=drive.organization_id, now=now)

    assert [booking.pk for booking in list_feed(open_feed(token), since=now)] == [drive.booking_id]


def test_the_drive_is_written_down_and_its_slot_given_back(walked, keys):
    drive = walked("CONFIRMED")
    api.check_in(**keys(drive), kilometres_out=1200, route="滨江环线")
    done = api.complete_test_drive(**keys(drive), kilometres_in=1213, outcome="WANTS_TO_BUY", note="Liked it")

    assert (done.route, done.kilometres_in - done.kilometres_out, done.outcome) == ("滨江环线", 13, "WANTS_TO_BUY")
    assert Booking.objects.get(pk=drive.booking_id).status == "DONE"


@pytest.mark.parametrize(
    "report", [{"kilometres_in": 10}, {"kilometres_in": -1}, {"kilometres_in": 10**9}, {"outcome": "BLUE"}]
)
def test_an_impossible_report_is_refused_and_changes_nothing(walked, keys, report):
    drive = walked("CONFIRMED")
    api.check_in(**keys(drive), kilometres_out=1200)

    with pytest.raises(DomainError) as refusal:
        api.complete_test_drive(**keys(drive), **report)
    assert refusal.value.code == "invalid_report"
    drive.refresh_from_db()
    assert (drive.status, drive.kilometres_in) == ("CHECKED_IN", None)


def test_pictures_are_kept_before_and_after(walked, keys):
    drive = walked("CONFIRMED")
    assert api.add_photo(**keys(drive), upload=picture()).moment == "BEFORE"
    api.check_in(**keys(drive))
    api.complete_test_drive(**keys(drive))
    assert api.add_photo(**keys(drive), upload=picture()).moment == "AFTER"


def test_a_file_that_is_no_picture_is_refused(walked, keys):
    drive = walked("CONFIRMED")

    with pytest.raises(DomainError) as refusal:
        api.add_photo(**keys(drive), upload=ContentFile(b"#!/bin/sh", name="dent.png"))
    assert refusal.value.code == "file_refused"
    assert not drive.photos.exists()


def test_the_qr_code_opens_the_drive_for_its_dealer_alone(book):
    drive = book()
    token = api.check_in_token(drive)

    assert api.find_by_token(token=token, organization_id=drive.organization_id) == drive
    for wrong in (
        {"token": token, "organization_id": 0},
        {"token": token[:-1] + "x", "organization_id": drive.organization_id},
    ):
        with pytest.raises(api.TestDriveNotFound):
            api.find_by_token(**wrong)


def test_the_survey_is_answered_once_and_by_the_driver(walked, driver, now):
    drive = walked("COMPLETED")
    answer = {"reference": drive.reference, "stars": 5, "comment": "安静", "now": now}
    with pytest.raises(api.TestDriveNotFound):
        api.answer_survey(**answer, member=make_driver())

    assert api.answer_survey(**answer, member=driver).stars == 5
    with pytest.raises(DomainError) as refusal:
        api.answer_survey(**answer, member=driver)
    assert refusal.value.code == "already_answered"


@pytest.mark.parametrize(("status", "stars"), [("REQUESTED", 5), ("COMPLETED", 0), ("COMPLETED", 6)])
def test_a_survey_out_of_place_is_refused(walked, driver, now, status, stars):
    drive = walked(status)

    with pytest.raises(DomainError):
        api.answer_survey(reference=drive.reference, stars=stars, member=driver, now=now)
    assert not api.Survey.objects.exists()


def test_a_drive_opens_a_lead_with_owner_and_score_once(book, clerk, now):
    drive = book()

    lead = open_lead_of(test_drive_id=drive.pk, now=now)
    assert open_lead_of(test_drive_id=drive.pk, now=now).pk == lead.pk
    assert Lead.objects.count() == 1
    assert (lead.source, lead.owner, lead.is_phone_verified) == ("TEST_DRIVE", clerk, True)
    # Test drive 40, verified number 20, member 10.
    assert lead.score == 70


def test_the_lead_knows_that_the_person_drove(walked, keys, now):
    drive = walked("CONFIRMED")
    open_lead_of(test_drive_id=drive.pk, now=now)
    api.check_in(**keys(drive))
    api.complete_test_drive(**keys(drive), outcome="THINKING")

    lead = Lead.objects.get()
    assert lead.status == "CONTACTED"
    assert lead.follow_ups.get().kind == "TEST_DRIVE"


def test_what_was_signed_is_printed_with_its_hash_once(book, now):
    drive = book()
    try:
        assert api.print_agreements(now=now) == 1
    except PrinterMissing:
        pytest.skip("no pango on this machine")

    agreement = api.print_agreement(test_drive_id=drive.pk, now=now)
    with agreement.file.content.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF-")
    assert agreement.file_digest == hashlib.sha256(content).hexdigest()
    assert api.print_agreements(now=now) == 0


@pytest.mark.parametrize(
    "template",
    ["test_drive_booked", "test_drive_confirmed", "test_drive_moved", "test_drive_cancelled", "test_drive_reminder"],
)
def test_messages_go_by_sms_and_email_once_per_cause(book, now, template):
    drive = book()
    for _ in range(2):
        tell_driver(test_drive_id=drive.pk, template=template, cause="1", now=now)

    assert sorted(Message.objects.filter(template=template).values_list("channel", flat=True)) == ["email", "sms"]


def test_what_the_store_undoes_within_a_minute_is_told_to_nobody(book, keys, ten, now):
    drive, told = book(), Message.objects.filter(template="test_drive_moved", status="QUEUED", channel="sms")
    for hours, waiting in ((1, ["11:00"]), (2, ["12:00"]), (0, []), (3, ["13:00"])):
        api.move_test_drive(**keys(drive), starts_at=ten + timedelta(hours=hours))
        outbox.drain(now=now, strict=True)
        assert [message.context["time"][-5:] for message in told.all()] == waiting
    assert told.get().next_attempt_at == now + timedelta(minutes=1)

    api.cancel_test_drive(**keys(drive), reason="下雨")
    outbox.drain(now=now, strict=True)
    assert not told.exists()


def test_a_drive_that_was_moved_since_the_store_looked_stays(book, keys, ten):
    drive = book()
    api.move_test_drive(**keys(drive), starts_at=ten + timedelta(hours=1), times_moved=0)

    with pytest.raises(MovedMeanwhile):
        api.move_test_drive(**keys(drive), starts_at=ten, times_moved=0)

    assert Booking.objects.get().starts_at == ten + timedelta(hours=1)


def test_the_facts_of_a_drive_lead_to_lead_messages_and_reminders(book, keys, ten, now):
    drive = book()
    api.confirm_test_drive(**keys(drive))
    remind_due(now=ten - timedelta(hours=2))
    outbox.drain(now=ten, strict=True)

    told = set(Message.objects.values_list("template", flat=True))
    assert told >= {"test_drive_booked", "test_drive_confirmed", "test_drive_reminder"}
    drive.refresh_from_db()
    assert drive.lead is not None
