"""Storing a configured car."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.accounts.api import User
from apps.catalog.models import Configuration
from apps.catalog.selectors.builds import base_price, get_build, refuse_impossible


@transaction.atomic
def configure(*, product_id: int, option_codes: Iterable[str], by: User | None, now: datetime) -> Configuration:
    """
    Store a car as chosen; groups left out take the trim's defaults, included options come along.

    :raises ProductNotFound: if there is no such public product
    :raises NotForSale: if nobody offers it at ``now``
    :raises ImpossibleConfiguration: if it is no car or cannot be built
    """
    build = get_build(product_id)
    evaluation = build.evaluate(base=base_price(build, at=now), chosen=option_codes)
    refuse_impossible(build, evaluation)
    return Configuration.objects.create(
        product_id=product_id,
        option_codes=list(evaluation.codes),
        price=evaluation.price.amount,
        currency=evaluation.price.currency,
        breakdown=build.breakdown(evaluation),
        created_at=now,
        created_by=by,
    )
