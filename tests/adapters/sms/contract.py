"""What every carrier of SMS must do, the Fake included. Subclasses give ``carrier`` and ``texts_of``."""

import itertools

import pytest

from apps.notifications.errors import CarrierRefused

numbers = itertools.count(1)


class SmsCarrierContract:
    """One suite for the Fake and for the adapters."""

    @pytest.fixture
    def phone(self) -> str:
        """A phone that no other test uses."""
        return f"+861390000{next(numbers):04d}"

    def test_a_text_reaches_its_phone_with_its_values(self, carrier, texts_of, phone):
        reference = carrier.send(phone=phone, template_code="SMS_100000001", params={"code": "135790"})

        assert reference
        assert texts_of(phone) == [("SMS_100000001", {"code": "135790"})]

    def test_values_of_any_script_arrive_whole(self, carrier, texts_of, phone):
        params = {"code": "1", "store": "星驰浦东店 “世纪大道” & <1>"}

        carrier.send(phone=phone, template_code="SMS_100000006", params=params)

        assert texts_of(phone) == [("SMS_100000006", params)]

    def test_each_text_has_a_reference_of_its_own(self, carrier, phone):
        references = {carrier.send(phone=phone, template_code="SMS_100000001", params={"code": "1"}) for _ in range(2)}

        assert len(references) == 2

    def test_a_number_that_does_not_exist_is_refused_for_good(self, carrier, texts_of):
        with pytest.raises(CarrierRefused, match="MOBILE_NUMBER_ILLEGAL"):
            carrier.send(phone="+86123", template_code="SMS_100000001", params={"code": "1"})

        assert texts_of("+86123") == []
