"""Accounts of people: opened, changed, closed, signed out."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction

from apps.accounts.errors import (
    AccountClosed,
    AddressRequired,
    EmailTaken,
    InvalidPhone,
    NotYourself,
    PhoneTaken,
    UnknownLanguage,
)
from apps.accounts.models import User
from apps.accounts.policies import normalize_phone
from apps.accounts.states import Language
from apps.events.api import UserRegistered
from apps.kernel.api import outbox


@transaction.atomic
def create_user_account(
    *,
    email: str | None,
    password: str | None,
    display_name: str,
    phone: str | None = None,
    language: str = Language.ZH_HANS,
    by: User | None = None,
    now: datetime,
) -> User:
    """
    Open an account for somebody whose addresses are known to be theirs (staff, demo): both count as verified.

    Without a password the account is entered by code or after a password reset.

    :raises AddressRequired: without e-mail address and phone number
    :raises InvalidPhone: if the phone number does not exist
    :raises EmailTaken: if another account has the address
    :raises PhoneTaken: if another account has the number
    :raises UnknownLanguage: if the suite does not speak the language
    """
    if not (email or phone):
        raise AddressRequired
    if phone and not normalize_phone(phone):
        raise InvalidPhone
    _check_language(language)
    user = User(
        email=User.objects.normalize_email(email) or None,
        display_name=display_name,
        language=language,
        date_joined=now,
    )
    user.set_phone(phone, verified=True)
    user.set_password(password)
    open_account(user=user, now=now)
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def open_account(*, user: User, now: datetime) -> None:
    """
    Save a new user and tell the other apps; what the user typed is in the fields already.

    :raises EmailTaken: if another account has the address
    :raises PhoneTaken: if another account has the number
    """
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as conflict:
        raise PhoneTaken if "phone_index" in str(conflict) else EmailTaken from conflict
    outbox.record(UserRegistered(user_id=user.pk), at=now)


@transaction.atomic
def update_profile(
    *, user_id: int, display_name: str | None = None, language: str | None = None, by: User | None, now: datetime
) -> User:
    """
    Change what a user is called and which language they read; None leaves a field as it is.

    :raises UnknownLanguage: if the suite does not speak the language
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if language is not None:
        _check_language(language)
        user.language = language
    if display_name is not None:
        user.display_name = display_name.strip()
    user.save(update_fields=["display_name", "language"])
    return user


@transaction.atomic
def set_phone(*, user_id: int, phone: str | None, verified: bool, now: datetime) -> User:
    """
    Give a user a phone number, or take it away.

    :raises InvalidPhone: if the number does not exist
    :raises PhoneTaken: if another account has it
    """
    if phone and not normalize_phone(phone):
        raise InvalidPhone
    user = User.objects.get(pk=user_id)
    user.set_phone(phone, verified=verified)
    _save_phone(user)
    return user


@transaction.atomic
def close_account(*, user_id: int, by: User | None, now: datetime) -> User:
    """
    Switch an account off and sign it out everywhere. Nothing is deleted.

    :raises NotYourself: if ``by`` is that user
    :raises AccountClosed: if it is off already
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if by is not None and by.pk == user.pk:
        raise NotYourself
    if not user.is_active:
        raise AccountClosed
    user.is_active = False
    user.save(update_fields=["is_active"])
    sign_out_everywhere(user_id=user.pk)
    return user


@transaction.atomic
def reopen_account(*, user_id: int, by: User | None, now: datetime) -> User:
    """Switch a closed account on again; memberships that were not ended count again."""
    user = User.objects.get(pk=user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def sign_out_everywhere(*, user_id: int, except_session_key: str | None = None) -> int:
    """End every session of a user, in browsers and apps, but for the one named; the number of sessions ended."""
    sessions = [s for s in UserSession.objects.filter(user_id=user_id) if s.session_key != except_session_key]
    for session in sessions:
        session.end()
    return len(sessions)


def renew_session_key(session: SessionBase) -> None:
    """Give a session a new key after its rights grew, so that a key seen before is worth nothing now."""
    old_key = session.session_key
    session.cycle_key()
    if old_key:
        UserSession.objects.filter(session_key=old_key).update(session_key=session.session_key)


def _check_language(language: str) -> None:
    if language not in Language.values:
        raise UnknownLanguage


def _save_phone(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_index", "is_phone_verified"])
    except IntegrityError as conflict:
        if "phone_index" not in str(conflict):
            raise
        raise PhoneTaken from conflict
