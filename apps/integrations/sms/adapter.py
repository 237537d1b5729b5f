"""Aliyun's SMS service behind the port ``notifications.sms``, on the provider's own SDK."""

import json
from collections.abc import Mapping

from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import RetryError
from darabonba.policy.retry import RetryOptions
from darabonba.runtime import RuntimeOptions
from django.conf import settings
from Tea.exceptions import TeaException

from apps.notifications.errors import CarrierRefused, CarrierUnavailable

OK = "OK"
# Refusals that pass: the carrier's own trouble, its limits per phone, and what an operator can put right meanwhile.
# Source: https://help.aliyun.com/zh/sms/developer-reference/api-error-codes
PASSING = frozenset(
    {
        "isv.BUSINESS_LIMIT_CONTROL",
        "isv.DAY_LIMIT_CONTROL",
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isv.ACCOUNT_ABNORMAL",
    }
)
HOME_CODE = "+86"


class AliyunSms:
    """Sends one text to one phone. Tries once: whoever calls decides about another try."""

    def __init__(self) -> None:
        deadline = int(settings.OUTSIDE_DEADLINE * 1000)
        self.sign_name = settings.SMS["SIGN_NAME"]
        self.client = Client(
            Config(
                access_key_id=settings.SMS["ACCESS_KEY_ID"],
                access_key_secret=settings.SMS["ACCESS_KEY_SECRET"],
                endpoint=settings.SMS["ENDPOINT"],
                protocol=settings.SMS["PROTOCOL"],
                connect_timeout=deadline // 2,
                read_timeout=deadline // 2,
                retry_options=RetryOptions({"retryable": False}),
            )
        )

    def send(self, *, phone: str, template_code: str, params: Mapping[str, str]) -> str:
        """
        Hand one SMS to Aliyun; its receipt number (BizId).

        :raises CarrierUnavailable: if it may work later
        :raises CarrierRefused: if it never will
        """
        request = SendSmsRequest(
            phone_numbers=dialled(phone),
            sign_name=self.sign_name,
            template_code=template_code,
            template_param=json.dumps(dict(params), ensure_ascii=False),
        )
        try:
            answer = self.client.send_sms_with_options(request, RuntimeOptions()).body
        except (TeaException, RetryError, OSError) as failure:
            # The text may quote the request with its phone number; the code says enough.
            raise CarrierUnavailable(str(getattr(failure, "code", None) or type(failure).__name__)) from failure
        if answer.code == OK:
            return answer.biz_id or ""
        if answer.code in PASSING or not str(answer.code).startswith("isv."):
            raise CarrierUnavailable(str(answer.code))
        raise CarrierRefused(str(answer.code))


def dialled(phone: str) -> str:
    """Write an E.164 number as Aliyun dials it: at home without country code, abroad with it and without plus."""
    return phone.removeprefix(HOME_CODE) if phone.startswith(HOME_CODE) else phone.removeprefix("+")
