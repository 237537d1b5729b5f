"""Lenders behind the port ``financing.lender``, over the agreed protocol."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone

from apps.financing.errors import LenderRefused, LenderUnavailable, NewsForged, NewsMalformed
from apps.financing.ports import LenderNews, LoanPaper, LoanRequest
from apps.integrations.calls import OutsideCalls, connect_and_read_seconds
from apps.integrations.lender.protocol import Signer, read_news
from apps.kernel.api import Money
from apps.payments.errors import ProviderRefused, ProviderUnavailable

PROVIDER = "lender"
ROOT = "/lender/v1"
NOT_FOUND = "not_found"


def make_signer() -> Signer:
    """
    Return the keys of the protocol.

    :raises LenderRefused: if this installation has none
    """
    config = settings.LENDER
    if not config["KEY_ID"]:
        raise LenderRefused(reason="no keys")
    return Signer(
        key_id=config["KEY_ID"],
        private_key=Path(config["PRIVATE_KEY_FILE"]),
        lender_key_id=config["LENDER_KEY_ID"],
        lender_key=Path(config["LENDER_KEY_FILE"]),
    )


class LenderClient:
    """Signed calls; answers count only if the lender signed them."""

    def __init__(self) -> None:
        self.signer = make_signer()
        connect, read = connect_and_read_seconds()
        self._client = httpx.Client(
            base_url=settings.LENDER["BASE_URL"].rstrip("/"),
            timeout=httpx.Timeout(read, connect=connect),
            trust_env=False,
            follow_redirects=False,
        )
        self._calls = OutsideCalls(PROVIDER, transport_errors=(httpx.HTTPError, NewsForged, NewsMalformed))

    def call(
        self, method: str, path: str, values: Mapping[str, Any] | None = None, *, content: bytes | None = None
    ) -> dict[str, Any]:
        """
        Make one repeatable call and return what the lender answered.

        :raises LenderUnavailable: if nobody answered, or nobody the lender's key belongs to
        :raises LenderRefused: if the lender said no
        """
        body = content if content is not None else _as_json(values)
        try:
            return self._calls.repeatable(lambda: self._ask(method, ROOT + path, body))
        except ProviderUnavailable as error:
            raise LenderUnavailable(**error.context) from None
        except ProviderRefused as error:
            raise LenderRefused(**error.context) from None

    def _ask(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        headers = self.signer.sign(method, path, body, now=timezone.now())
        answer = self._client.request(
            method, path, content=body, headers={**headers, "Content-Type": "application/json"}
        )
        if answer.status_code >= 500:
            raise httpx.HTTPStatusError("lender in trouble", request=answer.request, response=answer)
        self.signer.verify(answer.headers, method, path, answer.content, now=timezone.now())
        try:
            values = json.loads(answer.content)
        except ValueError:
            raise NewsMalformed(why="no JSON") from None
        if not isinstance(values, dict):
            raise NewsMalformed(why="no object")
        if answer.status_code >= 400:
            raise ProviderRefused(provider=PROVIDER, reason=str(values.get("code", ""))[:100])
        return values


class HttpLender:
    """Answers ``financing.lender``."""

    def __init__(self) -> None:
        self._client = LenderClient()

    def submit(self, request: LoanRequest, papers: Sequence[LoanPaper]) -> LenderNews:
        """Announce the application with the digests of its papers, then hand over each of them."""
        values = {
            "number": request.number,
            "product": request.product,
            "months": request.months,
            "price": request.price.minor,
            "amount": request.amount.minor,
            "currency": request.amount.currency,
            "applicant": {
                "name": request.name,
                "identity_sealed": self._client.signer.seal(request.identity_number),
                "phone": request.phone,
                "monthly_income": request.monthly_income,
            },
            "papers": [{"kind": paper.kind, "sha256": paper.digest} for paper in papers],
            "notify_url": settings.HOOKS_BASE_URL.rstrip("/") + "/hooks/lender/notify/",
        }
        for paper in papers:
            self._client.call("PUT", f"/papers/{request.number}/{paper.digest}", content=paper.content)
        return read_news(self._client.call("POST", "/applications", values))

    def query(self, number: str) -> LenderNews | None:
        """Ask by our number."""
        try:
            return read_news(self._client.call("GET", f"/applications/{number}"))
        except LenderRefused as refusal:
            if refusal.context.get("reason") == NOT_FOUND:
                return None
            raise

    def withdraw(self, number: str) -> LenderNews:
        """Tell that nobody wants the loan any more."""
        return read_news(self._client.call("POST", f"/applications/{number}/withdrawal", {}))

    def disburse(self, number: str, *, amount: Money, order_number: str, contract_digest: str) -> LenderNews:
        """Ask for the money."""
        values = {
            "amount": amount.minor,
            "currency": amount.currency,
            "order_number": order_number,
            "contract_sha256": contract_digest,
        }
        return read_news(self._client.call("POST", f"/applications/{number}/disbursement", values))


def _as_json(values: Mapping[str, Any] | None) -> bytes:
    return b"" if values is None else json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
