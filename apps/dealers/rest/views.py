"""REST of dealers: where the stores are."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny

from apps.dealers.api import list_stores
from apps.dealers.models import Store
from apps.dealers.rest.serializers import StoreQuerySerializer, StoreSerializer
from apps.kernel.rest import ErrorSerializer


class StoresView(GenericAPIView):
    """Stores that take orders."""

    permission_classes = [AllowAny]
    serializer_class = StoreSerializer
    queryset = Store.objects.none()

    @extend_schema(
        operation_id="stores_list",
        parameters=[StoreQuerySerializer],
        responses={200: StoreSerializer(many=True), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request):
        """List stores, the nearest first if a place is given."""
        query = StoreQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = self.paginate_queryset(list_stores(**query.validated_data))
        return self.get_paginated_response(StoreSerializer(page, many=True).data)
