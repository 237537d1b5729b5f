"""The finance calculator over HTTP: every product side by side, and the true cost of any terms. Nothing is kept."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.financing.api import Repayment, Terms, draw_up, list_finance_products, quote_instalments
from apps.financing.rest.serializers import (
    InstalmentPlanSerializer,
    OfferedPlanSerializer,
    PlansQuerySerializer,
    QuoteRequestSerializer,
)
from apps.kernel.api import DomainError, Money
from apps.kernel.rest import ErrorSerializer


class PlansView(APIView):
    """The ways to finance a price."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="finance_plans_list",
        parameters=[PlansQuerySerializer],
        responses={200: OfferedPlanSerializer(many=True), 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """List every product with its plan for a price, a down payment and a term, or why it is not offered so."""
        asked = PlansQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        price, down_payment = (Money.of(asked.validated_data[name]) for name in ("price", "down_payment"))
        rows = []
        for product in list_finance_products(at=timezone.now()):
            row = {
                "product": product.code,
                "name": product.name,
                "lender": product.lender,
                "repayment": product.repayment,
                "months": product.months,
                "plan": None,
                "refusal": None,
            }
            try:
                months = asked.validated_data["months"]
                row["plan"] = product.quote(price=price, down_payment=down_payment, months=months).plan
            except DomainError as refusal:
                row["refusal"] = {"code": refusal.code, "message": str(refusal)}
            rows.append(row)
        return Response(OfferedPlanSerializer(rows, many=True).data)


class QuoteView(APIView):
    """What terms really cost."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="finance_quotes_create",
        request=QuoteRequestSerializer,
        responses={200: InstalmentPlanSerializer, 400: ErrorSerializer, 422: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Draw a plan up, by a product of ours or by terms of one's own, with its yearly percentage."""
        wish = QuoteRequestSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        asked = wish.validated_data
        price, down_payment, months = asked["price"], asked["down_payment"], asked["months"]
        if asked["product"]:
            quote = quote_instalments(
                price=price,
                down_payment=down_payment,
                months=months,
                at=timezone.now(),
                product_code=asked["product"],
            )
            return Response(InstalmentPlanSerializer(quote.plan).data)
        terms = Terms(
            repayment=Repayment(asked["repayment"]),
            months=months,
            yearly_rate=asked["yearly_rate"],
            balloon_share=asked["balloon_share"],
            fee_rate=asked["fee_rate"],
        )
        plan = draw_up(price=price, down_payment=down_payment, terms=terms)
        return Response(InstalmentPlanSerializer(plan).data)
