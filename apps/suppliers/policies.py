"""Pure rules about suppliers."""

from stdnum.cn import uscc as gb32100


def is_valid_uscc(number: str) -> bool:
    """
    Whether a unified social credit code has the right form and check digit.

    Source: GB 32100-2015.
    """
    return gb32100.is_valid(number)
