"""Aliyun's adapter against the sandbox, over HTTP and with the provider's own signature."""

import json
from collections.abc import Iterator

import pytest

from apps.integrations.sms.adapter import AliyunSms, dialled
from apps.notifications.errors import CarrierRefused, CarrierUnavailable
from tests.adapters.sandbox_process import SandboxProcess, find_free_port, running_sandbox
from tests.adapters.sms.contract import SmsCarrierContract

PHONE = "+8613811112222"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxProcess]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), notify_base="http://127.0.0.1:9") as process:
        yield process


@pytest.fixture
def make_carrier(sandbox, settings):
    def make(**changes):
        env = sandbox.env
        settings.OUTSIDE_DEADLINE = 4
        settings.SMS = {
            "ENDPOINT": env["SMS_ENDPOINT"],
            "PROTOCOL": env["SMS_PROTOCOL"],
            "ACCESS_KEY_ID": env["SMS_ACCESS_KEY_ID"],
            "ACCESS_KEY_SECRET": env["SMS_ACCESS_KEY_SECRET"],
            "SIGN_NAME": env["SMS_SIGN_NAME"],
            **changes,
        }
        return AliyunSms()

    return make


@pytest.fixture
def texts_of(sandbox):
    def read(phone):
        inbox = json.loads(sandbox.get(f"/sms/messages?phone={phone.removeprefix('+86')}")[1])
        return [(text["template_code"], text["params"]) for text in inbox]

    return read


class TestAliyunSms(SmsCarrierContract):
    @pytest.fixture
    def carrier(self, make_carrier):
        return make_carrier()


def test_a_foreign_sign_name_is_refused_for_good(make_carrier):
    with pytest.raises(CarrierRefused, match="SIGNATURE_ILLEGAL"):
        make_carrier(SIGN_NAME="别人").send(phone=PHONE, template_code="SMS_100000001", params={"code": "1"})


def test_a_missing_value_is_refused_for_good(make_carrier):
    with pytest.raises(CarrierRefused, match="TEMPLATE_MISSING_PARAMETERS"):
        make_carrier().send(phone=PHONE, template_code="SMS_100000001", params={})


@pytest.mark.parametrize("change", [{"ACCESS_KEY_SECRET": "x" * 30}, {"ACCESS_KEY_ID": "LTAInobody"}])
def test_wrong_keys_wait_for_an_operator(change, make_carrier):
    with pytest.raises(CarrierUnavailable):
        make_carrier(**change).send(phone=PHONE, template_code="SMS_100000001", params={"code": "1"})


def test_a_port_where_nobody_listens_is_tried_later(make_carrier):
    carrier = make_carrier(ENDPOINT=f"127.0.0.1:{find_free_port()}")

    with pytest.raises(CarrierUnavailable) as failure:
        carrier.send(phone=PHONE, template_code="SMS_100000001", params={"code": "135790"})

    assert "138" not in str(failure.value)
    assert "135790" not in str(failure.value)


@pytest.mark.parametrize("mode", ["error", "hang"])
def test_a_carrier_in_trouble_is_given_up_within_the_deadline(mode, sandbox, make_carrier):
    sandbox.control("pause", provider="sms", mode=mode)
    try:
        with pytest.raises(CarrierUnavailable):
            make_carrier().send(phone=PHONE, template_code="SMS_100000001", params={"code": "1"})
    finally:
        sandbox.control("resume", provider="sms")


@pytest.mark.parametrize(
    "phone, number",
    [("+8613800138000", "13800138000"), ("+85251234567", "85251234567"), ("+14155550100", "14155550100")],
)
def test_dials_home_numbers_without_country_code(phone, number):
    assert dialled(phone) == number
