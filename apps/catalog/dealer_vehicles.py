"""The catalog's answer to the port ``dealers.vehicles``."""

from apps.catalog.models import Brand, Series, VehicleModel


class DealerVehicles:
    """Tells dealers which brands, series and models there are."""

    def has_brand(self, code: str) -> bool:
        """Whether there is a brand with this code."""
        return Brand.objects.filter(code=code).exists()

    def has_model(self, series_code: str, model_code: str) -> bool:
        """Whether there is such a series, and such a model of it ("": the series will do)."""
        if not model_code:
            return Series.objects.filter(code=series_code).exists()
        return VehicleModel.objects.filter(series__code=series_code, code=model_code).exists()

    def list_brands(self) -> list[tuple[str, str]]:
        """Return our own brands: code and name in the reader's language."""
        return [(brand.code, brand.name) for brand in Brand.objects.filter(is_own=True).order_by("code")]

    def list_models(self) -> list[tuple[str, str, str]]:
        """Return what quotas may count: series code, model code ("": all) and name, in the reader's language."""
        found = []
        for series in Series.objects.filter(brand__is_own=True).order_by("position", "code").prefetch_related("models"):
            found.append((series.code, "", series.name))
            found += [(series.code, model.code, f"{series.name} {model.name}") for model in series.models.all()]
        return found
