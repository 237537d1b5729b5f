"""The carrier's texts: one of its own for every message by SMS and language, asking for nothing the message has not."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.notifications.registry import TEMPLATES
from apps.notifications.states import Channel

REGISTERED = json.loads((Path(settings.BASE_DIR) / "apps/sandbox/sms/templates.json").read_text(encoding="utf-8"))
BY_SMS = sorted(name for name, template in TEMPLATES.items() if Channel.SMS in template.channels)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", BY_SMS)
def test_a_message_by_sms_has_a_text_that_asks_for_what_it_has(name, language):
    code = settings.SMS_TEMPLATE_CODES[name][language]

    assert set(re.findall(r"\$\{(\w+)\}", REGISTERED[code])) <= set(TEMPLATES[name].sms_params)


def test_no_two_messages_share_a_text():
    codes = [code for languages in settings.SMS_TEMPLATE_CODES.values() for code in languages.values()]

    assert len(set(codes)) == len(codes)
