"""REST of the catalog: products, configurations, suppliers' offers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from apps.accounts.api import OrganizationKind, Role, Scope, current_organization, role_required
from apps.catalog.api import (
    ProductNotFound,
    ProductPage,
    ProductQuery,
    configure,
    get_own_offer,
    get_product,
    list_own_offers,
    put_offer,
    search_products,
)
from apps.catalog.models import Offer
from apps.catalog.rest.serializers import (
    ConfigurationRequestSerializer,
    ConfigurationSerializer,
    FacetsSerializer,
    OfferRequestSerializer,
    ProductCardSerializer,
    ProductDetailSerializer,
    ProductPageSerializer,
    ProductQuerySerializer,
    SkuSerializer,
    SupplierOfferSerializer,
)
from apps.kernel.rest import ErrorSerializer


class ProductsView(APIView):
    """The product list."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="products_list",
        parameters=[ProductQuerySerializer],
        responses={200: ProductPageSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Find products; ``facets`` says what the list can be narrowed by."""
        query = ProductQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = search_products(ProductQuery(**query.validated_data))
        if page.page > page.pages:
            raise ProductNotFound(page=page.page)
        return Response(
            {
                "count": page.count,
                "next": _link(request, page, page.page + 1),
                "previous": _link(request, page, page.page - 1),
                "results": ProductCardSerializer(page.items, many=True, context={"request": request}).data,
                "facets": FacetsSerializer(page.facets).data,
            }
        )


def _link(request: Request, page: ProductPage, number: int) -> str | None:
    if not 1 <= number <= page.pages:
        return None
    url = request.build_absolute_uri()
    return remove_query_param(url, "page") if number == 1 else replace_query_param(url, "page", number)


class ProductView(APIView):
    """One product."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="products_read", responses={200: ProductDetailSerializer, 404: ErrorSerializer})
    def get(self, request: Request, product_id: int) -> Response:
        """Return everything about a product."""
        product = get_product(product_id=product_id)
        return Response(ProductDetailSerializer(product, context={"request": request}).data)


class ConfigurationsView(APIView):
    """Cars as people choose them."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="configurations_create",
        request=ConfigurationRequestSerializer,
        responses={
            201: ConfigurationSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
            422: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Store a choice of options; an impossible one is refused with the rule in ``context``."""
        choice = ConfigurationRequestSerializer(data=request.data)
        choice.is_valid(raise_exception=True)
        configuration = configure(
            product_id=choice.validated_data["product_id"],
            option_codes=choice.validated_data["options"],
            by=request.user if request.user.is_authenticated else None,
            now=timezone.now(),
        )
        return Response(ConfigurationSerializer(configuration).data, status=status.HTTP_201_CREATED)


class SupplierOffersView(GenericAPIView):
    """The offers of the caller's organization."""

    permission_classes = [role_required(Role.SUPPLIER)]
    scopes = {"GET": Scope.OFFERS_READ}
    serializer_class = SupplierOfferSerializer
    queryset = Offer.objects.none()

    @extend_schema(
        operation_id="supplier_offers_list",
        responses={
            200: SupplierOfferSerializer(many=True),
            401: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        """List the organization's offers by SKU."""
        organization = current_organization(request, OrganizationKind.SUPPLIER)
        page = self.paginate_queryset(list_own_offers(organization.pk))
        return self.get_paginated_response(SupplierOfferSerializer(page, many=True).data)


class SupplierOfferView(APIView):
    """One offer of the caller's organization."""

    permission_classes = [role_required(Role.SUPPLIER)]
    scopes = {"GET": Scope.OFFERS_READ, "PUT": Scope.OFFERS_WRITE}

    @extend_schema(
        operation_id="supplier_offers_read",
        responses={200: SupplierOfferSerializer, 401: ErrorSerializer, 403: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, sku: str) -> Response:
        """Return an offer; another supplier's reads as missing."""
        organization = current_organization(request, OrganizationKind.SUPPLIER)
        return Response(SupplierOfferSerializer(get_own_offer(sku, organization.pk)).data)

    @extend_schema(
        operation_id="supplier_offers_put",
        request=OfferRequestSerializer,
        responses={
            200: SupplierOfferSerializer,
            201: SupplierOfferSerializer,
            400: ErrorSerializer,
            401: ErrorSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
            422: ErrorSerializer,
        },
    )
    def put(self, request: Request, sku: str) -> Response:
        """
        Make an offer, or change the one of this SKU; the new price counts from now on.

        A large jump waits for review (``review``, ``waiting_price``) while the old price stays in force.
        """
        SkuSerializer(data={"sku": sku}).is_valid(raise_exception=True)
        wanted = OfferRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        organization = current_organization(request, OrganizationKind.SUPPLIER)
        _offer, is_new = put_offer(
            sku=sku,
            organization_id=organization.pk,
            more_sites=wanted.validated_data.pop("sites", None),
            by=request.user,
            now=timezone.now(),
            **wanted.validated_data,
        )
        offer = get_own_offer(sku, organization.pk)
        return Response(
            SupplierOfferSerializer(offer).data, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        )
