"""Routes under /api/v1/."""

from django.urls import path

from apps.inventory.rest.views import SupplierStockView

urlpatterns = [path("supplier/stock/<str:sku>/", SupplierStockView.as_view(), name="supplier-stock")]
