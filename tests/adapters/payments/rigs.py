"""A payment provider to try the port on: the Fake, or a real adapter against the real sandbox process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.datastructures import CaseInsensitiveMapping

from apps.kernel.api import Money
from apps.payments.ports import Action, PaymentGateway, PaymentOrder, ProviderStatus, RefundOrder, RefundState
from tests.adapters.receiver import Receiver
from tests.adapters.sandbox_process import SandboxProcess
from tests.factories.payments import FakeGateway, as_message, sign


@dataclass(frozen=True)
class Notice:
    """A notification as it arrives at a hook."""

    headers: Mapping[str, str]
    body: bytes


class ProviderRig:
    """A provider and its world: the gateway under test, a buyer, an operator, and what arrived at the hook."""

    name: str
    gateway: PaymentGateway

    def pay(
        self, order: PaymentOrder, action: Action, *, result: str = "success", notify: str = "once"
    ) -> PaymentOrder:
        """Be the buyer at the cashier; return the order as we would know it then."""
        raise NotImplementedError

    def notices(self, count: int) -> list[Notice]:
        """Return what arrived, as soon as there is so much of it."""
        raise NotImplementedError

    def refund(self, order: RefundOrder) -> RefundState:
        """Ask for a refund and wait until the provider has done with it."""
        raise NotImplementedError

    def fall_silent(self, mode: str) -> None:
        """Make the provider fail: ``error`` or ``hang``."""
        raise NotImplementedError

    def speak(self) -> None:
        """End that."""
        raise NotImplementedError


@dataclass
class FakeRig(ProviderRig):
    """The Fake, with the notices a provider would send."""

    gateway: FakeGateway = field(default_factory=FakeGateway)
    sent: list[Notice] = field(default_factory=list)
    name: str = "fake"

    def pay(
        self, order: PaymentOrder, action: Action, *, result: str = "success", notify: str = "once"
    ) -> PaymentOrder:
        if result == "success":
            self.gateway.pay(order.number)
        else:
            self.gateway.trades[order.number].status = ProviderStatus.FAILED
        news = self.gateway.news_of(order.number)
        lie = replace(news, amount=order.amount - Money.of("0.01"))
        old = replace(news, event_id=f"{news.event_id}-old", status=ProviderStatus.FAILED)
        told = {"never": [], "twice": [news, news], "wrong_amount": [lie], "reordered": [news, old]}.get(notify, [news])
        for item in told:
            body = as_message(item)
            signature = "f" * 64 if notify == "forged" else sign(body)
            self.sent.append(Notice(headers=CaseInsensitiveMapping({"X-Fake-Signature": signature}), body=body))
        return replace(order, session=action.session, reference=self.gateway.trades[order.number].reference)

    def notices(self, count: int) -> list[Notice]:
        assert len(self.sent) == count
        return self.sent

    def refund(self, order: RefundOrder) -> RefundState:
        return self.gateway.refund(order)

    def fall_silent(self, mode: str) -> None:
        self.gateway.is_silent = True

    def speak(self) -> None:
        self.gateway.is_silent = False


@dataclass
class SandboxRig(ProviderRig):
    """A real adapter, the sandbox process, and a receiver where our hook would be."""

    name: str
    gateway: PaymentGateway
    sandbox: SandboxProcess
    receiver: Receiver

    def pay(
        self, order: PaymentOrder, action: Action, *, result: str = "success", notify: str = "once"
    ) -> PaymentOrder:
        decision = self.sandbox.decide(action.url, result=result, notify=notify, delay_seconds=0.2)
        assert decision["status"] == ("paid" if result == "success" else "failed"), decision
        order = replace(order, session=action.session)
        return replace(order, reference=self.gateway.query(order).reference if result == "success" else "")

    def notices(self, count: int) -> list[Notice]:
        # Another provider may still repeat what it told in the test before.
        return [
            Notice(headers=CaseInsensitiveMapping(item.headers), body=item.body)
            for item in self.receiver.wait_for(count, below=f"/hooks/{self.name}/")
        ]

    def refund(self, order: RefundOrder) -> RefundState:
        state = self.gateway.refund(order)
        while state.status is ProviderStatus.PROCESSING:
            # The provider's own clock decides; its notice arrives no earlier than that.
            self.receiver.wait_for(len(self.receiver.received) + 1)
            state = self.gateway.query_refund(order)
        return state

    def fall_silent(self, mode: str) -> None:
        self.sandbox.control("pause", provider=self.name, mode=mode)

    def speak(self) -> None:
        self.sandbox.control("resume", provider=self.name)


def provider_settings(env: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the blocks of settings that a sandbox's ``merchant.env`` describes."""
    blocks: dict[str, dict[str, Any]] = {"WECHATPAY": {}, "ALIPAY": {}, "STRIPE": {}}
    for name, value in env.items():
        block, _, key = name.partition("_")
        if block in blocks:
            blocks[block][key] = value
    return blocks


def tampered(notice: Notice) -> Notice:
    """Return the notice with one letter of its body changed, and still well-formed."""
    body = re.sub(rb"(P260610\d{11})\d", rb"\g<1>X", notice.body, count=1)
    if body == notice.body:
        # WeChat Pay's body is sealed: change the seal.
        body = re.sub(rb'("ciphertext":")(.)', lambda match: match[1] + (b"B" if match[2] == b"A" else b"A"), body)
    assert body != notice.body
    return replace(notice, body=body)
