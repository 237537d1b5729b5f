"""What people read about their packages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.aftersales.api import list_own_entitlements
from apps.aftersales.rest.serializers import EntitlementSerializer


class EntitlementsView(ListAPIView):
    """The packages of the signed-in user."""

    permission_classes = [IsAuthenticated]
    serializer_class = EntitlementSerializer

    def get_queryset(self) -> Any:
        """List one's own, the newest first."""
        return list_own_entitlements(self.request.user)

    @extend_schema(operation_id="me_entitlements_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List one's own packages and what is left of each."""
        return super().get(request, *args, **kwargs)
