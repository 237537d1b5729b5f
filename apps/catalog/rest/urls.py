"""Routes under /api/v1/."""

from django.urls import path

from apps.catalog.rest.prices import PriceExplanationView
from apps.catalog.rest.views import (
    ConfigurationsView,
    ProductsView,
    ProductView,
    SupplierOffersView,
    SupplierOfferView,
)

urlpatterns = [
    path("products/", ProductsView.as_view(), name="api-products"),
    path("products/<int:product_id>/", ProductView.as_view(), name="api-product"),
    path("configurations/", ConfigurationsView.as_view(), name="api-configurations"),
    path("prices/explain/", PriceExplanationView.as_view(), name="api-price-explanation"),
    path("supplier/offers/", SupplierOffersView.as_view(), name="api-supplier-offers"),
    path("supplier/offers/<str:sku>/", SupplierOfferView.as_view(), name="api-supplier-offer"),
]
