"""
Every message the suite sends: which channels, which values, how long it makes sense, whether its contents are secret.

The words are in ``templates/notifications/<name>.<language>.txt`` (first line: subject). SMS wording is registered with
the carrier; ``settings.SMS_TEMPLATE_CODES`` maps name and language to the carrier's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from apps.notifications.errors import ChannelNotOffered, ContextIncomplete, UnknownTemplate
from apps.notifications.states import Channel, Topic

CRITICAL = "critical"
DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """One kind of message."""

    name: str
    channels: frozenset[Channel]
    required: frozenset[str] = frozenset()
    sms_params: tuple[str, ...] = ()
    is_secret: bool = False
    lives: timedelta | None = None
    queue: str = DEFAULT
    optional: frozenset[str] = field(default_factory=frozenset)
    # What one may switch off that this belongs to; none: it is told to everybody.
    topic: Topic | None = None
    # Nothing of it is lost by morning: no telephone rings at night.
    keeps_night: bool = False

    def check(self, channel: Channel, context: Mapping[str, Any]) -> None:
        """
        Refuse a message that could not be written.

        :raises ChannelNotOffered: if the template is not sent this way
        :raises ContextIncomplete: if a required value is missing
        """
        if channel not in self.channels:
            raise ChannelNotOffered(template=self.name, channel=channel.value)
        missing = sorted(self.required - context.keys())
        if missing:
            raise ContextIncomplete(template=self.name, missing=", ".join(missing))


def _by(*channels: Channel) -> frozenset[Channel]:
    return frozenset(channels)


ALL = _by(Channel.SMS, Channel.EMAIL, Channel.INBOX)

TEMPLATES: dict[str, MessageTemplate] = {
    template.name: template
    for template in (
        MessageTemplate(
            name="sign_in_code",
            channels=_by(Channel.SMS),
            required=frozenset({"code"}),
            sms_params=("code",),
            is_secret=True,
            lives=timedelta(minutes=5),
            queue=CRITICAL,
        ),
        MessageTemplate(name="account_exists", channels=_by(Channel.SMS), lives=timedelta(hours=1)),
        MessageTemplate(
            name="team_invitation",
            channels=_by(Channel.SMS),
            required=frozenset({"organization", "link"}),
            sms_params=("organization", "link"),
            is_secret=True,
            lives=timedelta(days=1),
        ),
        MessageTemplate(name="account_unknown", channels=_by(Channel.SMS), lives=timedelta(hours=1)),
        MessageTemplate(
            name="prewritten",
            channels=_by(Channel.EMAIL),
            required=frozenset({"subject", "text"}),
            optional=frozenset({"html"}),
            is_secret=True,
            lives=timedelta(days=1),
            queue=CRITICAL,
        ),
        MessageTemplate(
            name="order_placed",
            channels=ALL,
            required=frozenset({"order_number"}),
            optional=frozenset({"link", "total"}),
            sms_params=("order_number", "link"),
            is_secret=True,
        ),
        MessageTemplate(
            name="deposit_paid",
            channels=ALL,
            required=frozenset({"order_number"}),
            optional=frozenset({"link", "amount", "balance_due"}),
            sms_params=("order_number",),
            is_secret=True,
        ),
        MessageTemplate(
            name="pickup_code",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"code", "store"}),
            optional=frozenset({"order_number"}),
            sms_params=("code", "store"),
            is_secret=True,
            queue=CRITICAL,
        ),
        MessageTemplate(
            name="shipped",
            channels=ALL,
            required=frozenset({"order_number", "carrier", "tracking_number"}),
            sms_params=("order_number", "carrier", "tracking_number"),
        ),
        MessageTemplate(
            name="order_cancelled", channels=ALL, required=frozenset({"order_number"}), sms_params=("order_number",)
        ),
        MessageTemplate(
            name="balance_reminder",
            channels=ALL,
            required=frozenset({"order_number", "balance_due", "until", "link"}),
            sms_params=("order_number", "balance_due", "until", "link"),
            is_secret=True,
        ),
        MessageTemplate(
            name="balance_overdue",
            channels=ALL,
            required=frozenset({"order_number", "until", "link"}),
            sms_params=("order_number", "until"),
            is_secret=True,
        ),
        MessageTemplate(
            name="order_refunded",
            channels=ALL,
            required=frozenset({"order_number"}),
            optional=frozenset({"amount"}),
            sms_params=("order_number", "amount"),
        ),
        MessageTemplate(
            name="application_link",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "company", "link"}),
            sms_params=("company", "link"),
            is_secret=True,
            # As long as the link in it works.
            lives=timedelta(days=30),
            queue=CRITICAL,
        ),
        MessageTemplate(
            name="application_invited",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "company", "link"}),
            sms_params=("company", "link"),
            is_secret=True,
        ),
        MessageTemplate(
            name="application_more",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "company", "link", "papers", "papers_en", "reason"}),
            sms_params=("company", "link"),
            is_secret=True,
        ),
        MessageTemplate(
            name="application_reminder",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "company", "link", "deadline"}),
            sms_params=("company", "deadline", "link"),
            is_secret=True,
        ),
        MessageTemplate(
            name="application_approved",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "company"}),
            sms_params=("company",),
        ),
        MessageTemplate(
            name="application_rejected",
            channels=_by(Channel.EMAIL),
            required=frozenset({"number", "company", "reason"}),
        ),
        MessageTemplate(
            name="paper_expiring",
            channels=_by(Channel.EMAIL, Channel.INBOX),
            required=frozenset({"company", "paper", "paper_en", "valid_until", "days"}),
        ),
        MessageTemplate(
            name="paper_refused",
            channels=_by(Channel.EMAIL, Channel.INBOX),
            required=frozenset({"company", "paper", "paper_en", "reason"}),
        ),
        MessageTemplate(
            name="webhook_disabled", channels=_by(Channel.EMAIL, Channel.INBOX), required=frozenset({"url"})
        ),
        *(
            MessageTemplate(
                name=name,
                channels=ALL,
                required=frozenset({"car", "store", "time", "link"}),
                optional=frozenset({"address", "before"}),
                sms_params=("car", "store", "time"),
            )
            for name in (
                "test_drive_booked",
                "test_drive_confirmed",
                "test_drive_moved",
                "test_drive_cancelled",
                "test_drive_reminder",
            )
        ),
        MessageTemplate(
            name="test_drive_offered",
            channels=ALL,
            required=frozenset({"store", "time", "until", "link"}),
            sms_params=("store", "time", "until"),
            # An offer lasts half an hour.
            lives=timedelta(minutes=30),
            queue=CRITICAL,
        ),
        *(
            MessageTemplate(
                name=name,
                channels=ALL,
                required=frozenset({"car", "store", "time", "link"}),
                optional=frozenset({"before"}),
                sms_params=("car", "store", "time"),
            )
            for name in ("service_booked", "service_moved", "service_cancelled", "service_reminder", "service_ready")
        ),
        *(
            MessageTemplate(
                name=name,
                channels=ALL,
                required=frozenset({"order_number", "store", "time", "link"}),
                optional=frozenset({"before"}),
                sms_params=("store", "time", "link"),
                # The link opens the order.
                is_secret=True,
            )
            for name in ("handover_booked", "handover_moved", "handover_cancelled", "handover_reminder")
        ),
        *(
            MessageTemplate(
                name=name,
                channels=ALL,
                required=frozenset({"order_number", "store", "link"}),
                sms_params=("store", "link"),
                is_secret=True,
            )
            for name in ("handover_offered", "handover_done")
        ),
        MessageTemplate(
            name="service_question",
            channels=ALL,
            required=frozenset({"car", "store", "amount", "link"}),
            sms_params=("car", "store", "amount"),
            queue=CRITICAL,
        ),
        MessageTemplate(
            name="recall_notice",
            channels=ALL,
            required=frozenset({"car", "vin", "title", "link"}),
            sms_params=("car", "vin", "title"),
        ),
        MessageTemplate(
            name="service_due",
            channels=ALL,
            required=frozenset({"car", "vin", "work", "day", "km", "link"}),
            optional=frozenset({"by_km", "settings"}),
            sms_params=("car", "day", "km", "link"),
            topic=Topic.SERVICE_DUE,
            keeps_night=True,
        ),
        MessageTemplate(
            name="loan_approved",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "amount", "until", "link"}),
            sms_params=("lender", "car", "until"),
        ),
        MessageTemplate(
            name="loan_refused",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "link"}),
            optional=frozenset({"reason"}),
            sms_params=("lender", "car"),
        ),
        MessageTemplate(
            name="loan_more_asked",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "papers", "link"}),
            optional=frozenset({"reason"}),
            sms_params=("lender", "car"),
        ),
        MessageTemplate(
            name="loan_expiring",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "until", "link"}),
            sms_params=("lender", "car", "until"),
            keeps_night=True,
        ),
        MessageTemplate(
            name="loan_expired",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "link"}),
            sms_params=("lender", "car"),
        ),
        MessageTemplate(
            name="loan_paid_out",
            channels=ALL,
            required=frozenset({"car", "lender", "number", "amount", "link"}),
            sms_params=("lender", "car", "amount"),
        ),
        MessageTemplate(
            name="trade_in_inspected",
            channels=ALL,
            required=frozenset({"car", "store", "value", "until", "link"}),
            optional=frozenset({"note"}),
            sms_params=("store", "car", "value", "until"),
        ),
        MessageTemplate(
            name="trade_in_declined",
            channels=ALL,
            required=frozenset({"car", "store", "note", "link"}),
            sms_params=("store", "car"),
        ),
        MessageTemplate(
            name="trade_in_expiring",
            channels=ALL,
            required=frozenset({"car", "amount", "until", "link"}),
            optional=frozenset({"store", "status"}),
            sms_params=("car", "amount", "until"),
            keeps_night=True,
        ),
        MessageTemplate(
            name="support_answered",
            channels=_by(Channel.SMS, Channel.EMAIL),
            required=frozenset({"number", "link"}),
            sms_params=("number", "link"),
            # The link opens the conversation.
            is_secret=True,
        ),
        MessageTemplate(
            name="order_expired", channels=ALL, required=frozenset({"order_number"}), sms_params=("order_number",)
        ),
    )
}


def get_template(name: str) -> MessageTemplate:
    """
    The template of this name.

    :raises UnknownTemplate: if none is registered
    """
    if name not in TEMPLATES:
        raise UnknownTemplate(template=name)
    return TEMPLATES[name]
