"""Facts about dealers change what the shop shows of stores."""

from collections.abc import Collection

from apps.events.api import DealerStatusChanged, StoreChanged
from apps.kernel.api import forget_pages_on


@forget_pages_on(StoreChanged, name="dealers.forget_pages_of_store")
def pages_of_store(fact: StoreChanged) -> Collection[str]:
    """Name the pages that show stores."""
    return ["stores"]


@forget_pages_on(DealerStatusChanged, name="dealers.forget_pages_of_dealer")
def pages_of_dealer(fact: DealerStatusChanged) -> Collection[str]:
    """Name the pages that show the stores of a dealer."""
    return ["stores"]
