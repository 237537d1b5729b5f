"""REST for suppliers: the stock of their offers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import SUPPLIER_ROLES, OrganizationKind, Scope, current_organization, role_required
from apps.inventory.rest.serializers import StockCountSerializer, StockSerializer
from apps.inventory.services.suppliers import count_supplier_stock
from apps.kernel.rest.idempotent import idempotent


class SupplierStockView(APIView):
    """The stock of one offer of the caller's organization."""

    permission_classes = [role_required(*SUPPLIER_ROLES)]
    scopes = {"GET": Scope.STOCK_READ, "PUT": Scope.STOCK_WRITE, "POST": Scope.STOCK_WRITE}

    @extend_schema(operation_id="supplier_stock_update", request=StockCountSerializer, responses=StockSerializer)
    @idempotent(scope="supplier-stock")
    def put(self, request, sku: str):
        """Record how many pieces lie at a site."""
        count = StockCountSerializer(data=request.data)
        count.is_valid(raise_exception=True)
        supplier = current_organization(request, OrganizationKind.SUPPLIER)
        stock = count_supplier_stock(
            organization_id=supplier.pk,
            sku=sku,
            site_code=count.validated_data["site"],
            on_hand=count.validated_data["on_hand"],
            by=request.user,
            now=timezone.now(),
        )
        return Response(StockSerializer(stock).data)
