"""What stands in for the guards of stock while they are taken away."""


def lock_levels(level_ids):
    """Return the levels by id as they stand, locked by nobody."""
    from apps.inventory.models import StockLevel

    levels = StockLevel.objects.select_related("site").filter(pk__in=level_ids).order_by("pk")
    return {level.pk: level for level in levels}
