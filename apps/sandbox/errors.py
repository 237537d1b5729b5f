"""Refusals of the stores and of the cashier. Each provider words them in its own codes."""


class Refusal(Exception):
    """A request the sandbox will not do; ``code`` is stable, the text is for people."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NumberReused(Refusal):
    """The merchant's number is already used for something else."""

    code = "number_reused"


class NotPayable(Refusal):
    """The trade is closed, or paid already."""

    code = "not_payable"


class NotClosable(Refusal):
    """The trade is paid."""

    code = "not_closable"


class NotRefundable(Refusal):
    """The trade was never paid."""

    code = "not_refundable"


class RefundTooMuch(Refusal):
    """The refunds of a trade would exceed what was paid."""

    code = "refund_too_much"


class BadDecision(Refusal):
    """The cashier was told something it does not know."""

    code = "bad_decision"


class NotFound(Refusal):
    """There is no such trade, refund or delivery."""

    code = "not_found"
