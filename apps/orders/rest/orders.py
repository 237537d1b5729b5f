"""Checkout and orders, for guests and users."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.rest import ErrorSerializer, idempotent
from apps.orders.api import (
    Address,
    CheckoutResult,
    Contact,
    CustomerOrder,
    FulfilmentWish,
    OrderView,
    PaymentWish,
    access_order,
    cancel_order,
    checkout,
    confirm_delivery,
    get_new_order_view,
    get_order_view,
    list_order_views,
    list_orders,
    pay_order,
)
from apps.orders.rest.orders_serializers import (
    CancelSerializer,
    CheckoutResultSerializer,
    CheckoutSerializer,
    OrderSerializer,
    PaymentSerializer,
    PaySerializer,
)
from apps.orders.rest.visitor import (
    VisitorView,
    cart_ref_of,
    checkout_principal,
    language_of,
    order_principal,
    return_url,
    token_of,
    user_of,
)

IDEMPOTENCY_KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)
ORDER_TOKEN = OpenApiParameter(
    "X-Order-Token", str, OpenApiParameter.HEADER, description="A guest's key to its order, from checkout."
)
REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer, 422: ErrorSerializer}


def answer_order(order: CustomerOrder) -> Response:
    """Answer with an order as its buyer sees it."""
    return Response(OrderSerializer(get_order_view(order, now=timezone.now())).data)


class CheckoutView(VisitorView):
    """Turns the caller's cart into an order."""

    permission_classes = [AllowAny]
    throttle_scope = "checkout"

    @extend_schema(
        operation_id="checkout_create",
        parameters=[IDEMPOTENCY_KEY],
        request=CheckoutSerializer,
        responses={201: CheckoutResultSerializer, **REFUSALS, 503: ErrorSerializer},
    )
    @idempotent(scope="checkout", principal=checkout_principal)
    def post(self, request: Request) -> Response:
        """Order what is in the cart; stock is held while the buyer pays."""
        wish = CheckoutSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        values = wish.validated_data
        result = checkout(
            cart_ref=cart_ref_of(request),
            contact=Contact(email=values.get("email") or "", phone=values.get("phone") or ""),
            fulfilment=_fulfilment_of(values["fulfilment"]),
            payment=PaymentWish(**values["payment"]),
            expected_total=values["expected_total"],
            points=values["points"],
            checkout_key=request.headers["Idempotency-Key"],
            by=user_of(request),
            language=language_of(),
            return_url=return_url(),
            now=timezone.now(),
        )
        body = {
            "order": _order_of(result),
            "order_token": result.order_token,
            "payment": result.payment,
        }
        return Response(CheckoutResultSerializer(body).data, status=status.HTTP_201_CREATED)


def _order_of(result: CheckoutResult) -> OrderView:
    if result.is_new:
        return get_new_order_view(result.order, result.payment)
    return get_order_view(result.order, now=timezone.now())


def _fulfilment_of(values: dict[str, Any]) -> FulfilmentWish:
    address = values.get("address")
    return FulfilmentWish(
        method=values["method"], store_id=values.get("store_id"), address=Address(**address) if address else None
    )


class OrderListView(ListAPIView):
    """The orders of the signed-in user."""

    permission_classes = [IsAuthenticated]
    serializer_class = OrderSerializer

    def get_queryset(self) -> Any:
        """List the caller's orders, newest first."""
        return list_orders(self.request.user).prefetch_related(None)

    @extend_schema(operation_id="orders_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's orders, newest first, each as it reads by itself."""
        page = list_order_views(self.paginate_queryset(self.get_queryset()), now=timezone.now())
        return self.get_paginated_response(OrderSerializer(page, many=True).data)


class OrderDetailView(VisitorView):
    """One order of the caller."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="orders_retrieve", parameters=[ORDER_TOKEN], responses={200: OrderSerializer, 404: ErrorSerializer}
    )
    def get(self, request: Request, number: str) -> Response:
        """Show the order; a guest shows its token."""
        return answer_order(access_order(number=number, by=user_of(request), token=token_of(request)))


class OrderCancelView(VisitorView):
    """Calls an order off."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="orders_cancel",
        parameters=[ORDER_TOKEN],
        request=CancelSerializer,
        responses={200: OrderSerializer, **REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel the order before anything has left; what was paid is given back."""
        wish = CancelSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        order = cancel_order(
            number=number,
            reason=wish.validated_data["reason"],
            by=user_of(request),
            token=token_of(request),
            now=timezone.now(),
        )
        return answer_order(order)


class OrderPayView(VisitorView):
    """Opens what is due on an order."""

    permission_classes = [AllowAny]
    throttle_scope = "pay"

    @extend_schema(
        operation_id="orders_pay",
        parameters=[IDEMPOTENCY_KEY, ORDER_TOKEN],
        request=PaySerializer,
        responses={200: PaymentSerializer, **REFUSALS, 503: ErrorSerializer},
    )
    @idempotent(scope="pay", principal=order_principal)
    def post(self, request: Request, number: str) -> Response:
        """Open the first payment (``full``) or the balance at a provider."""
        wish = PaySerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        payment = pay_order(
            number=number,
            return_url=return_url(),
            by=user_of(request),
            token=token_of(request),
            now=timezone.now(),
            **wish.validated_data,
        )
        return Response(PaymentSerializer(payment).data)


class DeliveryReceivedView(VisitorView):
    """Lets the buyer say that a shipment arrived."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="orders_fulfilment_received",
        parameters=[ORDER_TOKEN],
        request=None,
        responses={200: OrderSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, number: str, fulfilment_id: int) -> Response:
        """Confirm a delivery."""
        fulfilment = confirm_delivery(
            number=number,
            fulfilment_id=fulfilment_id,
            by=user_of(request),
            token=token_of(request),
            now=timezone.now(),
        )
        return answer_order(fulfilment.order)
