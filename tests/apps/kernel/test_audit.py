"""The audit trail: sees every change, forgets none, and shows when it was touched."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from apps.kernel.api import AppendOnlyTrigger, AuditEntry, AuditSeal, AuditTrigger, audit
from apps.kernel.audit.middleware import AuditActorMiddleware
from apps.kernel.models import IdempotencyKey, InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def audited():
    """Put an audit trigger on the inbox: any table would do."""
    AuditTrigger(name="audit").install(InboxMessage)


@pytest.fixture
def message(audited, now):
    return InboxMessage.objects.create(consumer="alipay", message_id="7", received_at=now)


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def untriggered(sql, *params):
    """Change the trail as somebody would who owns the table."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred blocks ALTER TABLE
    for table in ("kernel_auditentry", "kernel_auditseal"):
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    execute(sql, *params)
    for table in ("kernel_auditentry", "kernel_auditseal"):
        execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def last():
    return AuditEntry.objects.order_by("-id").first()


def test_sees_an_insert(message):
    entry = last()

    assert (entry.table_name, entry.row_id, entry.operation) == ("kernel_inboxmessage", str(message.pk), "INSERT")
    assert entry.changed["consumer"] == [None, "alipay"]
    assert entry.actor_id is None


def test_sees_a_queryset_update_and_keeps_only_what_changed(message):
    InboxMessage.objects.filter(consumer="alipay").update(message_id="8")

    assert (last().operation, last().changed) == ("UPDATE", {"message_id": ["7", "8"]})


def test_sees_plain_sql(message):
    execute("DELETE FROM kernel_inboxmessage")

    assert last().operation == "DELETE"
    assert last().changed["message_id"] == ["7", None]


def test_leaves_no_entry_when_nothing_changed(message):
    before = AuditEntry.objects.count()

    InboxMessage.objects.update(message_id="7")

    assert AuditEntry.objects.count() == before


def test_masks_personal_and_encrypted_columns_and_ignores_noise(now):
    AuditTrigger(name="audit", masked=["key"], ignored=["holder"]).install(IdempotencyKey)
    row = IdempotencyKey.objects.create(
        scope="s", key="13800000000", fingerprint="", lease_ends_at=now, created_at=now, response_body="secret"
    )

    assert last().changed["key"] == [None, "***"]
    assert last().changed["response_body"] == [None, "***"]
    assert "holder" not in last().changed
    before = AuditEntry.objects.count()
    IdempotencyKey.objects.filter(pk=row.pk).update(holder=9)
    assert AuditEntry.objects.count() == before
    IdempotencyKey.objects.filter(pk=row.pk).update(holder=10, response_body="another", scope="t")
    assert last().changed == {"response_body": ["***", "***"], "scope": ["s", "t"]}


def test_names_who_acts(message, person):
    with audit.acting(person.pk):
        InboxMessage.objects.update(message_id="8")
    assert last().actor_id == person.pk

    InboxMessage.objects.update(message_id="9")
    assert last().actor_id is None


def test_names_the_innermost_actor(message):
    with audit.acting(1):
        with audit.acting(2):
            InboxMessage.objects.update(message_id="8")
            assert last().actor_id == 2
        InboxMessage.objects.update(message_id="9")
        assert last().actor_id == 1


def test_naming_the_actor_keeps_row_counts_and_returned_keys(message, now, django_assert_num_queries):
    with audit.acting(5), django_assert_num_queries(3):
        created = InboxMessage.objects.create(consumer="100%", message_id="8", received_at=now)
        assert InboxMessage.objects.filter(pk=created.pk).update(message_id="9%s") == 1
        assert InboxMessage.objects.filter(pk=created.pk).delete()[0] == 1


def test_a_request_is_audited_under_its_user(message, person):
    def view(request):
        request.user = person  # REST learns the user only inside of the view
        InboxMessage.objects.update(message_id="8")
        return "response"

    request = RequestFactory().post("/")

    assert AuditActorMiddleware(view)(request) == "response"
    assert last().actor_id == person.pk


def test_a_change_made_while_finding_out_who_acts_is_the_systems_own(message, person):
    def look_up():
        InboxMessage.objects.update(consumer="dropped while looking")
        return person.pk

    with audit.acting(look_up):
        InboxMessage.objects.update(message_id="8")

    assert list(AuditEntry.objects.order_by("-id").values_list("actor_id", flat=True)[:2]) == [person.pk, None]


@pytest.mark.django_db(transaction=True)
def test_the_actor_does_not_stay_on_the_connection(now, person):
    AuditTrigger(name="audit").install(InboxMessage)
    with audit.acting(person.pk):
        InboxMessage.objects.create(consumer="alipay", message_id="7", received_at=now)
    assert last().actor_id == person.pk

    InboxMessage.objects.update(message_id="8")

    assert last().actor_id is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE kernel_auditentry SET actor_id = 5",
        "UPDATE kernel_auditentry SET changed = '{}'",
        "DELETE FROM kernel_auditentry",
        "TRUNCATE kernel_auditentry",
        "TRUNCATE kernel_auditentry, kernel_auditseal",
    ],
)
def test_the_database_refuses_to_change_the_trail(message, sql):
    entries = list(AuditEntry.objects.order_by("id").values())
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE is also refused, for another reason, while checks are deferred

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(sql)

    assert list(AuditEntry.objects.order_by("id").values()) == entries


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE kernel_auditseal SET digest = repeat('0', 64)",
        "DELETE FROM kernel_auditseal",
        "UPDATE kernel_auditentry SET seal_id = NULL",
        "UPDATE kernel_auditentry SET seal_id = seal_id, row_id = '0'",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(message, now, sql):
    audit.seal(now=now)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(sql)

    assert audit.verify() == []


def test_an_entry_cannot_change_while_it_joins_a_seal(message, now):
    seal = AuditSeal.objects.create(number=1, entry_count=1, previous_digest="", digest="", sealed_at=now)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(seal=seal, actor_id=5)


def test_append_only_tables_are_written_once(now):
    AppendOnlyTrigger(name="append_only").install(InboxMessage)
    message = InboxMessage.objects.create(consumer="alipay", message_id="7", received_at=now)

    for change in (lambda: InboxMessage.objects.update(message_id="8"), lambda: InboxMessage.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()

    message.refresh_from_db()
    assert message.message_id == "7"


@pytest.fixture
def fresh():
    """An empty trail: what migrations wrote is gone."""
    untriggered("DELETE FROM kernel_auditentry; DELETE FROM kernel_auditseal")


@pytest.fixture
def sealed(fresh, message, now):
    """Three seals over seven entries."""
    for number in range(6):
        InboxMessage.objects.update(message_id=f"changed {number}")
    return audit.seal(now=now, batch=3)


def test_seals_everything_once_and_in_batches(sealed, now):
    assert [seal.entry_count for seal in sealed] == [3, 3, 1]
    assert [seal.number for seal in sealed] == [1, 2, 3]
    assert sealed[1].previous_digest == sealed[0].digest
    assert not AuditEntry.objects.filter(seal=None).exists()
    assert audit.seal(now=now) == []


def test_verifies_an_untouched_trail(sealed, capsys):
    call_command("verify_audit", head=f"2:{sealed[1].digest}")

    assert "the trail is whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE kernel_auditentry SET actor_id = 5 WHERE id = %(entry)s", "altered"),
        ("UPDATE kernel_auditentry SET changed = '{\"message_id\": [1, 2]}' WHERE id = %(entry)s", "altered"),
        ("UPDATE kernel_auditentry SET at = at + interval '1 microsecond' WHERE id = %(entry)s", "altered"),
        ("DELETE FROM kernel_auditentry WHERE id = %(entry)s", "holds 2 entries"),
        (
            (
                "INSERT INTO kernel_auditentry (table_name, row_id, operation, changed, at, seal_id)"
                " SELECT 'x', '1', 'INSERT', '{}', now(), seal_id FROM kernel_auditentry WHERE id = %(entry)s"
            ),
            "holds 4 entries",
        ),
        ("UPDATE kernel_auditentry SET seal_id = NULL WHERE id = %(entry)s", "holds 2 entries"),
        ("UPDATE kernel_auditseal SET digest = repeat('0', 64) WHERE number = 1", "altered"),
        (
            "DELETE FROM kernel_auditentry WHERE seal_id = %(seal)s; DELETE FROM kernel_auditseal WHERE id = %(seal)s",
            "does not continue",
        ),
    ],
)
def test_finds_what_was_touched(sealed, sql, problem, capsys):
    entry = AuditEntry.objects.filter(seal=sealed[0]).order_by("id")[1]
    untriggered(sql % {"entry": entry.pk, "seal": sealed[0].pk})

    with pytest.raises(CommandError):
        call_command("verify_audit")

    assert problem in capsys.readouterr().err


def test_a_chain_cut_off_at_its_end_shows_against_a_head_kept_elsewhere(sealed):
    seal = sealed[-1]
    untriggered(
        f"DELETE FROM kernel_auditentry WHERE seal_id = {seal.pk}; DELETE FROM kernel_auditseal WHERE id = {seal.pk}"
    )

    assert audit.verify() == []
    assert [problem.seal for problem in audit.verify(head=f"{seal.number}:{seal.digest}")] == [3]


def test_seal_audit_prints_the_head(message, capsys):
    call_command("seal_audit")

    assert f"head 1:{AuditSeal.objects.get().digest}" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_seal_each_entry_once(fresh, now, race):
    AuditTrigger(name="audit").install(InboxMessage)
    for number in range(40):
        InboxMessage.objects.create(consumer="alipay", message_id=str(number), received_at=now)

    results = race(*[lambda: audit.seal(now=now, batch=5)] * 4)

    assert sum(len(seals) for seals in results) == 8
    assert sum(AuditSeal.objects.values_list("entry_count", flat=True)) == 40
    assert audit.verify() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_joins_a_later_seal(fresh, now, race):
    """Its id is older than ids already sealed: seals list their members, they do not cover ranges."""
    AuditTrigger(name="audit").install(InboxMessage)
    with transaction.atomic():
        InboxMessage.objects.create(consumer="late", message_id="1", received_at=now)
        race(
            lambda: InboxMessage.objects.create(consumer="early", message_id="2", received_at=now),
            lambda: None,
        )
        first = race(lambda: audit.seal(now=now))[0]
    second = audit.seal(now=now)

    assert [seal.entry_count for seal in [*first, *second]] == [1, 1]
    assert AuditEntry.objects.get(seal=second[0]).pk < AuditEntry.objects.get(seal=first[0]).pk
    assert audit.verify() == []
