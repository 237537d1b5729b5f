"""The four providers the port's suite runs on."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.utils import timezone

from apps.integrations.alipay.adapter import AlipayGateway
from apps.integrations.stripe.adapter import StripeGateway
from apps.integrations.wechatpay.adapter import WeChatPayGateway
from apps.payments.ports import PaymentOrder
from tests.adapters.payments.rigs import FakeRig, ProviderRig, SandboxRig, provider_settings
from tests.adapters.receiver import Receiver, running_receiver
from tests.adapters.sandbox_process import SandboxProcess, running_sandbox
from tests.factories.payments import make_order

ADAPTERS = {"wechatpay": WeChatPayGateway, "alipay": AlipayGateway, "stripe": StripeGateway}


@pytest.fixture(scope="session")
def payments_receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def payments_sandbox(payments_receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with running_sandbox(tmp_path_factory.mktemp("payments"), notify_base=payments_receiver.url) as process:
        yield process


@pytest.fixture
def receiver(payments_receiver: Receiver) -> Receiver:
    payments_receiver.clear()
    return payments_receiver


@pytest.fixture
def sandbox(payments_sandbox: SandboxProcess, receiver: Receiver, settings) -> SandboxProcess:
    """The sandbox, and settings that point at it."""
    for name, block in provider_settings(payments_sandbox.env).items():
        setattr(settings, name, block)
    settings.HOOKS_BASE_URL = receiver.url
    settings.OUTSIDE_DEADLINE = 2.0
    return payments_sandbox


@pytest.fixture(params=["fake", *ADAPTERS])
def rig(request: pytest.FixtureRequest) -> Iterator[ProviderRig]:
    if request.param == "fake":
        yield FakeRig()
        return
    sandbox: SandboxProcess = request.getfixturevalue("sandbox")
    rig = SandboxRig(
        name=request.param,
        gateway=ADAPTERS[request.param](),
        sandbox=sandbox,
        receiver=request.getfixturevalue("receiver"),
    )
    yield rig
    rig.speak()
    sandbox.control("refunds", provider=request.param)


@pytest.fixture
def order() -> Callable[..., PaymentOrder]:
    """A payment nobody has presented yet, at the present moment: the sandbox has a clock of its own."""

    def make(*, now: datetime | None = None, **changes) -> PaymentOrder:
        return make_order(now=now or timezone.now(), **changes)

    return make
