"""The Fake carries as the adapters do."""

import pytest

from tests.adapters.sms.contract import SmsCarrierContract
from tests.factories.accounts import FakeSms


class TestFakeSms(SmsCarrierContract):
    @pytest.fixture
    def carrier(self):
        return FakeSms()

    @pytest.fixture
    def texts_of(self, carrier):
        return lambda phone: [(code, params) for to, code, params in carrier.sent if to == phone]
