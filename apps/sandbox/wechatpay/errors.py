"""Refusals in WeChat Pay's words."""


class WechatError(Exception):
    """An answer ``{"code", "message"}`` with its HTTP status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_parameter(message: str) -> WechatError:
    return WechatError(400, "PARAM_ERROR", message)
