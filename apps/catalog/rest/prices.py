"""Why a price is what it is, for headquarters' tools."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import Role, role_required
from apps.catalog.api import PriceContext, PriceExplanation, explain_price
from apps.catalog.rest.serializers import MAX_ID
from apps.kernel.rest import ErrorSerializer, MoneyField


class ExplainQuerySerializer(serializers.Serializer):
    """Whose price, when and for whom."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    at = serializers.DateTimeField(required=False, help_text="Left out: now.")
    region = serializers.RegexField(r"^[0-9]{6}$", required=False, help_text="Code of the region the goods go to.")
    dealer = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID, help_text="Id of the dealer.")
    segment = serializers.SlugField(required=False, max_length=40, help_text="Segment of the buyer.")
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=999, default=1)


class PriceLineSerializer(serializers.Serializer):
    """What one entry of a price list made of the price before it."""

    layer = serializers.CharField(help_text="MSRP, REGION, DEALER, SEGMENT or CAMPAIGN.")
    list = serializers.CharField(source="list_code")
    version = serializers.IntegerField()
    rule = serializers.CharField()
    before = MoneyField()
    after = MoneyField()
    outcome = serializers.CharField(help_text="applied, outdone, worthless or other_currency.")
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class PriceExplanationSerializer(serializers.Serializer):
    """A price derived step by step."""

    product_id = serializers.IntegerField()
    at = serializers.DateTimeField()
    sku = serializers.CharField()
    seller = serializers.CharField()
    base = MoneyField(help_text="The seller's own price.")
    lines = PriceLineSerializer(many=True)
    price = MoneyField(help_text="Tax included.")
    list_price = MoneyField(allow_null=True)
    trace = serializers.SerializerMethodField(help_text="The versions that made it, as order lines keep them.")

    def get_trace(self, told: PriceExplanation) -> dict[str, Any]:
        """The versions by id."""
        return told.trace


class PriceExplanationView(APIView):
    """The derivation of one price."""

    permission_classes = [role_required(Role.HQ_OPERATOR, Role.HQ_AUDITOR)]

    @extend_schema(
        operation_id="prices_explain",
        parameters=[ExplainQuerySerializer],
        responses={
            200: PriceExplanationSerializer,
            400: ErrorSerializer,
            401: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        """Explain the price of a product at an instant, past, present or to come."""
        query = ExplainQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        data = query.validated_data
        told = explain_price(
            product_id=data["product_id"],
            at=data.get("at") or timezone.now(),
            quantity=data["quantity"],
            context=PriceContext(
                region_code=data.get("region", ""),
                dealer_id=data.get("dealer"),
                segments=frozenset({data["segment"]} if data.get("segment") else ()),
            ),
        )
        return Response(PriceExplanationSerializer(told).data)
