"""The cart's endpoints, for visitors and users alike."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.rest import ErrorSerializer
from apps.orders.api import CartView, add_line, add_voucher, change_line, get_cart, remove_line, remove_voucher
from apps.orders.rest.carts_serializers import (
    CartLineChangeSerializer,
    CartSerializer,
    NewCartLineSerializer,
    VoucherCodeSerializer,
)
from apps.orders.rest.visitor import VisitorView, cart_ref_of, remember_cart

REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer, 422: ErrorSerializer}


def answer(request: Request, cart: CartView) -> Response:
    """Answer with the cart."""
    return remember_cart(Response(CartSerializer(cart, context={"request": request}).data), request, cart)


class CartDetailView(VisitorView):
    """The caller's cart."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="cart_retrieve", responses=CartSerializer)
    def get(self, request: Request) -> Response:
        """Show the cart at the prices of this moment."""
        return answer(request, get_cart(cart_ref_of(request), now=timezone.now()))


class CartLinesView(VisitorView):
    """The lines of the caller's cart."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="cart_lines_create", request=NewCartLineSerializer, responses={200: CartSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """Put pieces of a product into the cart."""
        line = NewCartLineSerializer(data=request.data)
        line.is_valid(raise_exception=True)
        cart = add_line(cart_ref=cart_ref_of(request), now=timezone.now(), **line.validated_data)
        return answer(request, cart)


class CartLineView(VisitorView):
    """One line of the caller's cart."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="cart_lines_update", request=CartLineChangeSerializer, responses={200: CartSerializer, **REFUSALS}
    )
    def patch(self, request: Request, line_id: int) -> Response:
        """Set how many pieces the line holds."""
        change = CartLineChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        cart = change_line(cart_ref=cart_ref_of(request), line_id=line_id, now=timezone.now(), **change.validated_data)
        return answer(request, cart)

    @extend_schema(operation_id="cart_lines_delete", responses={200: CartSerializer, 404: ErrorSerializer})
    def delete(self, request: Request, line_id: int) -> Response:
        """Take the line out of the cart."""
        return answer(request, remove_line(cart_ref=cart_ref_of(request), line_id=line_id, now=timezone.now()))


class CartVouchersView(VisitorView):
    """The vouchers of the caller's cart."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="cart_vouchers_create", request=VoucherCodeSerializer, responses={200: CartSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """Enter a voucher."""
        voucher = VoucherCodeSerializer(data=request.data)
        voucher.is_valid(raise_exception=True)
        cart = add_voucher(cart_ref=cart_ref_of(request), now=timezone.now(), **voucher.validated_data)
        return answer(request, cart)


class CartVoucherView(VisitorView):
    """One voucher of the caller's cart."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="cart_vouchers_delete", responses={200: CartSerializer, 404: ErrorSerializer})
    def delete(self, request: Request, code: str) -> Response:
        """Take the voucher out of the cart."""
        return answer(request, remove_voucher(cart_ref=cart_ref_of(request), code=code, now=timezone.now()))
