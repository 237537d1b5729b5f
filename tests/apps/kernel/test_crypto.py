"""Encryption at rest: bound to its column, loud when touched, moved to new keys."""

import base64

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from apps.kernel import crypto, rotation
from apps.kernel.api import DecryptionFailed, blind_index
from apps.kernel.models import IdempotencyKey

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
PLACE = "kernel_idempotencykey.response_body"


@pytest.fixture
def keys(settings):
    def set_keys(*keys):
        settings.FIELD_KEYS = ",".join(keys)

    set_keys(OLD)
    return set_keys


@pytest.fixture
def secrets(db, now, keys):
    """Three rows encrypted under the old key, and one without a secret."""

    def make(number, text):
        return IdempotencyKey.objects.create(
            scope="s", key=str(number), fingerprint="", lease_ends_at=now, created_at=now, response_body=text
        )

    return [make(number, f"secret {number}") for number in range(3)] + [make(3, None)]


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT response_body FROM kernel_idempotencykey ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def overwrite(text):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_idempotencykey SET response_body = %s", [text])


@pytest.mark.parametrize("text", ["", "身份证 110101199003070000", "a:b:c", "x" * 10_000])
def test_opens_what_it_sealed(keys, text):
    assert crypto.decrypt(crypto.encrypt(text, place="t.c"), place="t.c") == text


def test_equal_texts_look_different(keys):
    assert crypto.encrypt("secret", place="t.c") != crypto.encrypt("secret", place="t.c")


def test_a_value_moved_to_another_column_does_not_open(keys):
    with pytest.raises(DecryptionFailed, match=r"t\.other"):
        crypto.decrypt(crypto.encrypt("secret", place="t.c"), place="t.other")


@pytest.mark.parametrize("part", [1, 2])
def test_a_flipped_bit_does_not_open(keys, part):
    parts = crypto.encrypt("secret", place="t.c").split(":")
    raw = bytearray(base64.b64decode(parts[part]))
    raw[0] ^= 1
    parts[part] = base64.b64encode(raw).decode()

    with pytest.raises(DecryptionFailed):
        crypto.decrypt(":".join(parts), place="t.c")


@pytest.mark.parametrize("stored", ["", "plain text", "old:", "old:!:!", "old:AAAA:AAAA", "old:" + "A" * 16 + ":"])
def test_what_was_never_sealed_does_not_open(keys, stored):
    with pytest.raises(DecryptionFailed):
        crypto.decrypt(stored, place="t.c")


def test_a_lost_key_is_named(keys):
    sealed = crypto.encrypt("secret", place="t.c")
    keys(NEW)

    with pytest.raises(DecryptionFailed, match="no key 'old'"):
        crypto.decrypt(sealed, place="t.c")


@pytest.mark.parametrize("configured", ["", "k:short", "k:" + base64.b64encode(b"x" * 16).decode(), "k:%%"])
def test_refuses_missing_or_weak_keys(settings, configured):
    settings.FIELD_KEYS = configured

    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("secret", place="t.c")


def test_blind_index_finds_equals_within_one_purpose_only():
    assert blind_index("13800000000", purpose="phone") == blind_index("13800000000", purpose="phone")
    assert blind_index("13800000000", purpose="phone") != blind_index("13800000001", purpose="phone")
    assert blind_index("13800000000", purpose="phone") != blind_index("13800000000", purpose="other")
    assert len(blind_index("", purpose="phone")) == 64


def test_blind_index_depends_on_its_own_key(settings):
    before = blind_index("13800000000", purpose="phone")
    settings.BLIND_INDEX_KEY = base64.b64encode(b"b" * 32).decode()

    assert blind_index("13800000000", purpose="phone") != before


def test_the_field_reads_plain_and_stores_sealed(secrets):
    assert [row.response_body for row in IdempotencyKey.objects.order_by("id")] == [
        "secret 0",
        "secret 1",
        "secret 2",
        None,
    ]
    assert all(value is None or value.startswith("old:") for value in stored())
    assert list(IdempotencyKey.objects.filter(response_body__isnull=True).values_list("key", flat=True)) == ["3"]


def test_the_field_seals_updates_too(secrets):
    IdempotencyKey.objects.filter(key="0").update(response_body="changed")

    assert IdempotencyKey.objects.get(key="0").response_body == "changed"
    assert "changed" not in stored()[0]


@pytest.mark.parametrize("lookup", ["response_body", "response_body__contains", "response_body__in"])
def test_the_field_refuses_to_be_searched(db, lookup):
    with pytest.raises((FieldError, TypeError)):
        list(IdempotencyKey.objects.filter(**{lookup: "secret"}))


def test_a_tampered_row_is_loud(secrets):
    overwrite("tampered")

    with pytest.raises(DecryptionFailed):
        list(IdempotencyKey.objects.all())


def test_rotation_moves_every_value_to_the_first_key(secrets, keys, capsys):
    keys(NEW, OLD)

    call_command("rotate_field_keys", batch=2)

    assert f"{PLACE}: 3 values" in capsys.readouterr().out
    assert all(value is None or value.startswith("new:") for value in stored())
    keys(NEW)
    assert IdempotencyKey.objects.get(key="2").response_body == "secret 2"


def test_rotation_goes_on_where_it_stopped(secrets, keys):
    keys(NEW, OLD)
    field = IdempotencyKey._meta.get_field("response_body")
    assert rotation._rotate_batch(IdempotencyKey, field, 2) == 2

    assert dict(rotation.rotate_field_keys())[PLACE] == 1
    assert dict(rotation.rotate_field_keys())[PLACE] == 0


def test_rotation_stops_loudly_at_a_value_that_does_not_open(secrets, keys):
    keys(NEW)

    with pytest.raises(DecryptionFailed):
        dict(rotation.rotate_field_keys())


def test_migrations_enter_by_the_door():
    field = IdempotencyKey._meta.get_field("response_body")

    assert field.deconstruct()[1] == "apps.kernel.api.EncryptedTextField"
