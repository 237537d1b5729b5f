"""SendSms, and the phones it reaches.

Source: https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms. Its limits per phone (one a
minute, five an hour) are left out: a demo signs the same phone in again and again.
"""

import json
import re
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from apps.sandbox.clock import as_alipay_time, as_rfc3339, read_clock
from apps.sandbox.context import Context
from apps.sandbox.pages import Fragment, part, render

from .signing import Refused, verify_request
from .store import Messages

PHONE = re.compile(r"(?:\+?0{0,2}86)?1[3-9][0-9]{9}")
VARIABLE = re.compile(r"\$\{([A-Za-z0-9_]+)\}")
TEMPLATES = Path(__file__).with_name("templates.json")
MOST_PHONES = 1000


class SmsRefusal(Exception):
    """The gateway let the request in, and the business refused: HTTP 200 with a code that is not OK."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AliyunSms:
    """The provider ``sms``."""

    name = "sms"
    api_prefixes: tuple[str, ...] = ("/",)

    def __init__(self, context: Context) -> None:
        self.context = context
        self.credentials = context.credentials
        self.messages = Messages(context.database)
        self.nonces: dict[str, float] = {}
        # What the merchant registered in the console: template code -> text with ${variables}.
        self.templates: dict[str, str] = json.loads(TEMPLATES.read_text(encoding="utf-8"))

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.serve, methods=["POST"]),
            Route("/sms/messages", self.list_messages, methods=["GET"]),
            Route("/sms/", self.show_inbox, methods=["GET"]),
        ]

    async def serve(self, request: Request) -> Response:
        now, request_id = read_clock(), str(uuid.uuid4()).upper()
        action = request.headers.get("x-acs-action", "")
        body = await request.body()
        try:
            self._verify(request, body, now=now)
            biz_id = self._send(await self._read_values(request), now=now)
        except Refused as error:
            request.state.notes = {"action": action, "refused": error.code}
            answer = {"RequestId": request_id, "HostId": request.headers.get("host", ""), "Code": error.code}
            return JSONResponse({**answer, "Message": error.message}, status_code=error.status)
        except SmsRefusal as error:
            request.state.notes = {"action": action, "refused": error.code}
            return JSONResponse({"RequestId": request_id, "Code": error.code, "Message": error.message})
        request.state.notes = {"action": action}
        return JSONResponse({"RequestId": request_id, "BizId": biz_id, "Code": "OK", "Message": "OK"})

    def _verify(self, request: Request, body: bytes, *, now: float) -> None:
        verify_request(
            access_key_id=self.credentials.sms_access_key_id,
            access_key_secret=self.credentials.sms_access_key_secret,
            method=request.method,
            path=request.url.path,
            query=request.scope["query_string"].decode("latin-1"),
            headers=request.headers,
            body=body,
            now=now,
        )
        if (request.headers.get("x-acs-action"), request.headers.get("x-acs-version")) != ("SendSms", "2017-05-25"):
            raise Refused(404, "InvalidAction.NotFound", "Specified api is not found.")
        self.nonces = {nonce: until for nonce, until in self.nonces.items() if until > now}
        nonce = request.headers["x-acs-signature-nonce"]
        if nonce in self.nonces:
            raise Refused(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self.nonces[nonce] = now + 900

    async def _read_values(self, request: Request) -> Mapping[str, Any]:
        """Return the parameters: the SDK puts them in the query, the documents allow a form as well."""
        form = await request.form() if "form" in request.headers.get("content-type", "") else {}
        return {**dict(form), **dict(request.query_params)}

    def _send(self, values: Mapping[str, Any], *, now: float) -> str:
        """Put one message in the inbox of each phone; return the receipt's number."""
        phones = [phone for phone in str(values.get("PhoneNumbers") or "").split(",") if phone]
        sign_name, code = values.get("SignName") or "", str(values.get("TemplateCode") or "")
        if not 1 <= len(phones) <= MOST_PHONES or not all(PHONE.fullmatch(phone) for phone in phones):
            raise SmsRefusal("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
        if sign_name != self.credentials.sms_sign_name:
            raise SmsRefusal("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不存在或未通过审核")
        if not code:
            raise SmsRefusal("isv.SMS_TEMPLATE_ILLEGAL", "短信模板不存在")
        params = _read_params(values.get("TemplateParam") or "{}")
        text = f"【{sign_name}】{self._fill(code, params)}"
        biz_id = f"{secrets.randbelow(10**12):012d}{int(now * 1000)}^0"
        with self.context.database.transaction():
            for index, phone in enumerate(phones):
                self.messages.add(
                    biz_id=biz_id if index == 0 else f"{biz_id}/{index}",
                    phone=_last_digits(phone),
                    sign_name=sign_name,
                    template_code=code,
                    params=params,
                    text=text,
                    out_id=str(values.get("OutId") or ""),
                    at=now,
                )
        return biz_id

    def _fill(self, code: str, params: dict[str, Any]) -> str:
        template = self.templates.get(code)
        if template is None:
            # Not registered here: show what came, so that a demo still reads its codes.
            return "，".join(f"{name}：{value}" for name, value in params.items()) or code
        missing = [name for name in VARIABLE.findall(template) if name not in params]
        if missing:
            raise SmsRefusal("isv.TEMPLATE_MISSING_PARAMETERS", f"模板缺少变量：{','.join(missing)}")
        return VARIABLE.sub(lambda match: str(params[match[1]]), template)

    # The phones

    async def list_messages(self, request: Request) -> Response:
        """Answer what a phone would show, newest first."""
        messages = self.messages.list_latest(phone=_last_digits(request.query_params.get("phone", "")))
        return JSONResponse(
            [
                {
                    "phone": message.phone,
                    "sign_name": message.sign_name,
                    "template_code": message.template_code,
                    "params": message.params,
                    "text": message.text,
                    "out_id": message.out_id,
                    "at": as_rfc3339(message.at),
                }
                for message in messages
            ]
        )

    async def show_inbox(self, request: Request) -> Response:
        """Show the messages as a page, of all phones or of one."""
        phone = request.query_params.get("phone", "")
        bubbles = [
            part("message.html", phone=message.phone, at=as_alipay_time(message.at), text=message.text)
            for message in self.messages.list_latest(phone=_last_digits(phone))
        ]
        return render(
            "inbox.html",
            title="短信收件箱",
            color="#24292f",
            phone=phone,
            messages=Fragment("".join(bubbles)) if bubbles else part("empty.html"),
        )


def _last_digits(phone: str) -> str:
    """Return a number as a mainland phone knows it: eleven digits without the country."""
    return "".join(character for character in phone if character.isdigit())[-11:]


def _read_params(value: object) -> dict[str, Any]:
    try:
        params = json.loads(str(value))
    except ValueError as error:
        raise SmsRefusal("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为合法的JSON格式") from error
    if not isinstance(params, dict):
        raise SmsRefusal("isv.INVALID_JSON_PARAM", "参数格式错误，请修改为字符串值的JSON对象")
    return params
