"""Refusals in Alipay's words."""


class AlipayError(Exception):
    """An answer with ``code``, ``msg``, ``sub_code`` and ``sub_msg``.

    Code 40002 (invalid arguments: the gateway did not let the request in) is answered without a signature, 40004
    (the business refused) with one.
    """

    def __init__(self, sub_code: str, sub_msg: str, *, code: str = "40004") -> None:
        super().__init__(sub_msg)
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg

    def body(self) -> dict[str, str]:
        msg = "Business Failed" if self.code == "40004" else "Invalid Arguments"
        return {"code": self.code, "msg": msg, "sub_code": self.sub_code, "sub_msg": self.sub_msg}


def not_let_in(sub_code: str, sub_msg: str) -> AlipayError:
    return AlipayError(sub_code, sub_msg, code="40002")


def bad_parameter(message: str) -> AlipayError:
    return AlipayError("ACQ.INVALID_PARAMETER", message)
