"""Messages are written down with their cause, sent after it, and tried again until they arrive or make no sense."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from apps.accounts.api import Language, User, mask_phone, normalize_phone
from apps.events.api import MessageQueued
from apps.kernel.api import outbox, ports
from apps.notifications import policies
from apps.notifications.errors import CarrierRefused, CarrierUnavailable, MessageForgotten, RecipientMissing
from apps.notifications.models import Message
from apps.notifications.ports import SMS
from apps.notifications.registry import MessageTemplate, get_template
from apps.notifications.rendering import write
from apps.notifications.selectors import wants
from apps.notifications.states import MESSAGE, Channel, MessageStatus

EXPIRED = "expired"
AT_ONCE = timedelta(0)


@transaction.atomic
def queue_message(
    *,
    template: str,
    channel: str,
    to: str,
    language: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    user_id: int | None = None,
    wait: timedelta = AT_ONCE,
    now: datetime,
) -> Message:
    """
    Write a message down in the caller's transaction; it is sent after the commit. No carrier is called here.

    The same ``dedupe_key`` never makes a second message: the first is returned. ``to`` is a phone number, an e-mail
    address, or for the inbox the user's id. It is first tried after ``wait``; a text that keeps the night is sent in
    the morning (China's clock).

    :raises UnknownTemplate: if there is no such template
    :raises ChannelNotOffered: if the template is not sent this way
    :raises ContextIncomplete: if a value the template needs is missing
    :raises RecipientMissing: if there is nobody to send to
    """
    kind = get_template(template)
    kind.check(Channel(channel), context)
    if not to:
        raise RecipientMissing
    recipient = (normalize_phone(to) or to) if channel == Channel.SMS else to
    message, is_new = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "template": template,
            "channel": channel,
            "language": language if language in Language.values else Language.ZH_HANS,
            "recipient": recipient,
            "recipient_masked": _mask(channel, recipient),
            "context_json": json.dumps(dict(context), ensure_ascii=False, default=str),
            "user_id": user_id,
            "queued_at": now,
            "next_attempt_at": _first_try(kind, channel, now + wait),
            "expires_at": now + kind.lives if kind.lives else None,
        },
    )
    if is_new:
        outbox.record(MessageQueued(message_id=message.pk), at=now)
    return message


def tell_user(
    user: User,
    *,
    template: str,
    context: Mapping[str, Any],
    key: str,
    channels: Collection[Channel] = (Channel.SMS, Channel.EMAIL),
    wait: timedelta = AT_ONCE,
    now: datetime,
) -> None:
    """
    Queue a message to somebody with an account by each of these ways that they have, once per ``key`` and way.

    Nothing of a topic that they switched off.

    :raises UnknownTemplate, ChannelNotOffered, ContextIncomplete: as ``queue_message``
    """
    topic = get_template(template).topic
    if topic is not None and not wants(user, topic):
        return
    addresses = {Channel.SMS: user.phone, Channel.EMAIL: user.email, Channel.INBOX: str(user.pk)}
    for channel in channels:
        if to := addresses[channel]:
            queue_message(
                template=template,
                channel=channel,
                to=to,
                language=user.language,
                context=context,
                dedupe_key=f"{key}:{channel.value}",
                user_id=user.pk,
                wait=wait,
                now=now,
            )


@transaction.atomic
def take_back(*, thread: str, before: str, now: datetime) -> str:
    """
    Take back what was queued last in a thread, if no try of it was made; return what its reader knows now.

    A thread is how the keys of messages begin that tell, one after the other, what something is now (a time); each
    holds in its context under ``before`` what its reader knew. ``before`` is what was so until just now: that is
    known where nothing is taken back. Equal to what is so now: nothing need be told.
    """
    rows = list(Message.objects.select_for_update(no_key=True, of=("self",)).filter(dedupe_key__startswith=thread))
    causes = {row.pk: row.dedupe_key.rpartition(":")[0] for row in rows}
    last = [row for row in rows if causes[row.pk] == causes[max(causes)]]
    # What was sent, or may be on its way, is known; so is what was taken back already.
    if any(row.status != MessageStatus.QUEUED or row.attempts or "before" not in (row.context or {}) for row in last):
        return before
    for row in last:
        before = (row.context or {})["before"]
        MESSAGE.move(row, "withdraw", by=None, at=now)
    return before


def _first_try(kind: MessageTemplate, channel: str, now: datetime) -> datetime:
    if kind.keeps_night and channel == Channel.SMS:
        return policies.after_the_night(now, ZoneInfo(settings.TIME_ZONE))
    return now


def deliver_message(*, message_id: int, now: datetime) -> Message | None:
    """
    Try to send one message: claim it, call the carrier outside any transaction, write down what came of it.

    Safe to call at any time and twice at once; None if there is nothing to do (sent, given up, not yet due, or another
    process is at it). A process that dies between carrier and note sends the message once more.
    """
    message = _claim(message_id=message_id, now=now)
    if message is None:
        return None
    if policies.has_expired(message.expires_at, now):
        return _give_up(message, error=EXPIRED, now=now)
    try:
        reference = _SENDERS[Channel(message.channel)](message)
    except CarrierRefused as refusal:
        return _give_up(message, error=str(refusal), now=now)
    except CarrierUnavailable as failure:
        if policies.is_worn_out(message.attempts):
            return _give_up(message, error=str(failure), now=now)
        return _try_later(message, error=str(failure), now=now)
    return _note_sent(message, reference=reference, now=now)


def list_waiting(*, now: datetime, limit: int = 500) -> list[tuple[int, str]]:
    """Messages due for a try, oldest first, as (id, queue): what a lost broker has forgotten."""
    due = Message.objects.filter(status=MessageStatus.QUEUED, next_attempt_at__lte=now).order_by("next_attempt_at")
    return [(pk, get_template(template).queue) for pk, template in due.values_list("pk", "template")[:limit]]


@transaction.atomic
def resend_message(*, message_id: int, by: User | None, now: datetime) -> Message:
    """
    Give a failed message another round of tries.

    :raises MoveNotAllowed: if it has not failed
    :raises MessageForgotten: if its contents are gone
    """
    message = Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message_id)
    MESSAGE.move(message, "queue_again", by=by, at=now)
    if message.context_json is None:
        raise MessageForgotten
    message.attempts = 0
    message.next_attempt_at = now
    message.save(update_fields=["attempts", "next_attempt_at"])
    outbox.record(MessageQueued(message_id=message.pk), at=now)
    return message


@transaction.atomic
def _claim(*, message_id: int, now: datetime) -> Message | None:
    message = (
        Message.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(pk=message_id, status=MessageStatus.QUEUED, next_attempt_at__lte=now)
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    message.next_attempt_at = now + policies.LEASE
    message.save(update_fields=["attempts", "next_attempt_at"])
    return message


@transaction.atomic
def _note_sent(message: Message, *, reference: str, now: datetime) -> Message:
    current = _reload(message)
    if current.status != MessageStatus.QUEUED:
        return current
    current.sent_at = now
    current.carrier_reference = reference[:100]
    current.last_error = ""
    if get_template(current.template).is_secret:
        current.context_json = None
    current.save(update_fields=["sent_at", "carrier_reference", "last_error", "context_json"])
    return MESSAGE.move(current, "send", by=None, at=now)


@transaction.atomic
def _try_later(message: Message, *, error: str, now: datetime) -> Message:
    current = _reload(message)
    current.last_error = error[:200]
    current.next_attempt_at = now + policies.wait_after(current.attempts)
    current.save(update_fields=["last_error", "next_attempt_at"])
    return current


@transaction.atomic
def _give_up(message: Message, *, error: str, now: datetime) -> Message:
    current = _reload(message)
    if current.status != MessageStatus.QUEUED:
        return current
    current.last_error = error[:200]
    if error == EXPIRED:
        current.context_json = None
    current.save(update_fields=["last_error", "context_json"])
    return MESSAGE.move(current, "give_up", by=None, at=now, reason=current.last_error)


def _reload(message: Message) -> Message:
    return Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message.pk)


def _send_sms(message: Message) -> str:
    kind = get_template(message.template)
    context = message.context or {}
    codes = settings.SMS_TEMPLATE_CODES.get(message.template)
    if not codes:
        raise CarrierRefused(f"no carrier code for {message.template}")
    return ports.adapter(SMS).send(
        phone=message.recipient,
        template_code=codes.get(message.language) or codes[Language.ZH_HANS],
        params={name: str(context.get(name, "")) for name in kind.sms_params},
    )


def _send_email(message: Message) -> str:
    written = write(template=message.template, language=message.language, context=message.context or {})
    mail = EmailMultiAlternatives(written.subject, written.text, settings.DEFAULT_FROM_EMAIL, [message.recipient])
    if written.html:
        mail.attach_alternative(written.html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as refusal:
        raise CarrierRefused("the mail server refuses the recipient") from refusal
    except (SMTPException, OSError) as failure:
        # Its text may quote the address; the class says enough.
        raise CarrierUnavailable(type(failure).__name__) from failure
    return ""


def _put_in_inbox(message: Message) -> str:
    """Nothing to carry: the member's page reads the row."""
    return ""


_SENDERS: dict[Channel, Callable[[Message], str]] = {
    Channel.SMS: _send_sms,
    Channel.EMAIL: _send_email,
    Channel.INBOX: _put_in_inbox,
}


def _mask(channel: str, recipient: str) -> str:
    if channel == Channel.SMS:
        return mask_phone(recipient)
    return policies.mask_email(recipient) if channel == Channel.EMAIL else recipient[:80]
