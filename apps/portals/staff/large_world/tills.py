"""Payments of a sale: attempts, what the providers told, and what went back."""

from random import Random

from django.conf import settings

from apps.portals.staff.large_world.numbers import letters, payment_number
from apps.portals.staff.large_world.sales import CANCELLED, HOUR, MINUTE, PROVIDER_SHARES, PROVIDERS, Sale
from apps.portals.staff.large_world.tables import NULL, Table, moment, yuan

PAID_WORDS = {"wechatpay": "TRANSACTION.SUCCESS", "alipay": "TRADE_SUCCESS", "stripe": "checkout.session.completed"}
BACK_WORDS = {"wechatpay": "REFUND.SUCCESS", "alipay": "REFUND_SUCCESS", "stripe": "refund.updated"}
# Share of buyers who first tried another provider.
SECOND_TRIES = 0.05


class Tills:
    """The tables of payments."""

    def __init__(self) -> None:
        self.payments = Table("payments.Payment", (
            "number", "order_number", "tender", "provider", "amount", "status", "subject", "return_url", "action_type",
            "provider_reference", "expires_at", "created_at", "opened_by_id", "captured_at", "paid_at", "closed_at",
            "provider_closed_at",
        ))  # fmt: skip
        self.refunds = Table("payments.Refund", (
            "number", "payment_id", "amount", "status", "reason", "cause_key", "tries", "provider_reference",
            "created_at", "settled_at", "given_back_at",
        ))  # fmt: skip
        self.events = Table("payments.PaymentEvent", (
            "payment_id", "refund_id", "provider", "provider_event_id", "event_type", "number", "told_status",
            "told_amount", "told_currency", "provider_reference", "verdict", "happened_at", "received_at",
        ))  # fmt: skip

    def tables(self) -> list[Table]:
        """All of them, those first that others refer to."""
        return [self.payments, self.refunds, self.events]

    def take(self, sale: Sale, random: Random) -> tuple[int, int]:
        """Write the attempts to pay a sale, and its refund; what was paid and what went back, in fen."""
        tender = "deposit" if sale.deposit else "full"
        first_due = sale.deposit or sale.total
        if sale.paid_at is None:
            self._attempt(sale, tender, first_due, sale.provider, sale.at, sale.ended_at or sale.at, random)
            return 0, 0
        at = sale.at
        if random.random() < SECOND_TRIES:
            other = random.choices(PROVIDERS, PROVIDER_SHARES)[0]
            closed = sale.at + (sale.paid_at - sale.at) / 2
            self._attempt(sale, tender, first_due, other, sale.at, closed, random)
            at = closed
        captured = [self._capture(sale, tender, first_due, at, sale.paid_at, random)]
        paid = first_due
        if sale.balance_at is not None and sale.total > first_due:
            opened = sale.balance_at - random.uniform(0.5, 20) * MINUTE
            captured.append(self._capture(sale, "balance", sale.total - first_due, opened, sale.balance_at, random))
            paid = sale.total
        if sale.fate != CANCELLED:
            return paid, 0
        for payment, amount in captured:
            self._give_back(sale, payment, amount, random)
        return paid, paid

    def _attempt(
        self, sale: Sale, tender: str, amount: int, provider: str, at: float, closed: float, random: Random
    ) -> None:
        number = payment_number(random, at)
        self.payments.add(
            f"{self.payments.number()}\t{self._words(sale, number, tender, provider, amount, 'CLOSED')}\t"
            f"\t{moment(sale.at + 15 * MINUTE)}\t{moment(at)}\t{sale.user_id or NULL}\t{NULL}\t{NULL}"
            f"\t{moment(closed)}\t{moment(closed + 2)}"
        )

    def _capture(
        self, sale: Sale, tender: str, amount: int, at: float, paid_at: float, random: Random
    ) -> tuple[int, int]:
        number, provider = payment_number(random, at), sale.provider
        pk, reference = self.payments.number(), f"42{letters(random, 22)}"
        self.payments.add(
            f"{pk}\t{self._words(sale, number, tender, provider, amount, 'CAPTURED')}\t{reference}"
            f"\t{moment(at + 2 * HOUR)}\t{moment(at)}\t{sale.user_id or NULL}\t{moment(paid_at + 1.5)}"
            f"\t{moment(paid_at)}\t{NULL}\t{NULL}"
        )
        self.events.add(
            f"{self.events.number()}\t{pk}\t{NULL}\t{provider}\tLW-{number}\t{PAID_WORDS[provider]}\t{number}\tpaid"
            f"\t{yuan(amount)}\tCNY\t{reference}\tcaptured\t{moment(paid_at)}\t{moment(paid_at + 1.5)}"
        )
        return pk, amount

    def _give_back(self, sale: Sale, payment: int, amount: int, random: Random) -> None:
        at = sale.ended_at or sale.at
        number, pk = payment_number(random, at, prefix="R"), self.refunds.number()
        reference = f"50{letters(random, 22)}"
        settled = at + random.uniform(5, 400)
        self.refunds.add(
            f"{pk}\t{number}\t{payment}\t{yuan(amount)}\tSUCCEEDED\torder_cancelled\torders.cancel:{sale.number}\t1"
            f"\t{reference}\t{moment(at)}\t{moment(settled)}\t{moment(settled - 1)}"
        )
        self.events.add(
            f"{self.events.number()}\t{payment}\t{pk}\t{sale.provider}\tLW-{number}\t{BACK_WORDS[sale.provider]}"
            f"\t{number}\trefunded\t{yuan(amount)}\tCNY\t{reference}\trefunded\t{moment(settled - 1)}"
            f"\t{moment(settled)}"
        )

    def _words(self, sale: Sale, number: str, tender: str, provider: str, amount: int, status: str) -> str:
        link = f"{settings.SITE_URL.rstrip('/')}/orders/{sale.number}/"
        kind = "qr" if provider == "wechatpay" else "redirect"
        return (
            f"{number}\t{sale.number}\t{tender}\t{provider}\t{yuan(amount)}\t{status}\t星驰订单 {sale.number}"
            f"\t{link}\t{kind}"
        )
