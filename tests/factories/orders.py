"""A small shop for tests: sellers with stock, a dealer with a store, buyers with carts, orders at every stage."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from apps.accounts.api import Organization, OrganizationKind, User
from apps.catalog.api import Offer
from apps.dealers.api import Store
from apps.inventory.api import Site, SiteKind, StockLevel, receive, receive_unit
from apps.inventory.policies import vin_check_digit
from apps.kernel.api import outbox
from apps.notifications.models import Message
from apps.orders import api
from apps.orders.models import PickupCode
from apps.payments.api import PaymentView, execute_due_refunds, receive_notification
from apps.shop.api import Product
from tests.factories.accounts import make_company
from tests.factories.catalog import make_headquarters, make_package, make_part, make_trim
from tests.factories.dealers import make_authorization, make_store, make_supplier
from tests.factories.payments import FakeGateway

numbers = count(1)
ADDRESS = api.Address(
    name="王小明",
    phone="13800138000",
    province="上海市",
    city="上海市",
    district="浦东新区",
    line="世纪大道 100 号 8 楼",
)
GUEST = api.Contact(email="guest@example.com", phone="13800138000")
RETURN_URL = "https://shop.example/orders/{number}/"


def make_vin() -> str:
    """A valid VIN nobody else has."""
    number = next(numbers)
    vin = f"LXCTEST000{number:07d}"
    draft = f"{vin[:8]}0{vin[9:]}"
    return f"{draft[:8]}{vin_check_digit(draft)}{draft[9:]}"


def make_site(
    organization: Organization,
    *,
    kind: SiteKind = SiteKind.SUPPLIER_WAREHOUSE,
    code: str = "",
    store: Store | None = None,
    place: tuple[float, float] = (31.2, 121.5),
) -> Site:
    """A site of an organization, near Shanghai unless ``place`` says otherwise."""
    code = code or f"site-{next(numbers)}"
    return Site.objects.create(
        code=code,
        kind=kind,
        name_zh=f"仓库 {code}",
        name_en=f"Warehouse {code}",
        organization=organization,
        store=store,
        latitude=place[0],
        longitude=place[1],
    )


def put_on_shelf(product: Product, site: Site, quantity: int, *, now: datetime, is_offered: bool = True) -> StockLevel:
    """Receive pieces of a product at a site; they belong to the product's first offer, which ships from there."""
    receive(product_id=product.pk, site_code=site.code, quantity=quantity, cause="test", by=None, now=now)
    level = StockLevel.objects.get(product=product, site=site)
    if level.stock_record_id is None:
        level.stock_record = product.stockrecords.order_by("pk").first()
        level.save(update_fields=["stock_record"])
    offer = Offer.objects.filter(stock_record=level.stock_record_id).first()
    if is_offered and offer is not None and site.code not in offer.site_codes:
        offer.more_site_codes = [*offer.more_site_codes, site.code]
        offer.save(update_fields=["more_site_codes"])
    return level


def name_site(product: Product, site: Site) -> None:
    """Let the product's first offer ship from a site as well."""
    offer = product.offers.order_by("pk").first()
    offer.more_site_codes = [*offer.more_site_codes, site.code]
    offer.save(update_fields=["more_site_codes"])


@dataclass
class Shop:
    """Who sells, who hands over, and what is for sale."""

    now: datetime
    gateway: FakeGateway
    supplier: Organization = field(init=False)
    warehouse: Site = field(init=False)
    headquarters: Organization = field(init=False)
    plant: Site = field(init=False)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.supplier = make_supplier().organization
        self.warehouse = make_site(self.supplier)
        self.headquarters = make_headquarters()
        self.plant = make_site(self.headquarters, kind=SiteKind.PLANT, code=f"plant-{next(numbers)}")
        self.store = make_store()
        make_authorization(dealer=self.store.dealer)
        make_site(self.dealer, kind=SiteKind.DEALER_WAREHOUSE, store=self.store)

    @property
    def dealer(self) -> Organization:
        """The organization of the store's dealer."""
        return self.store.dealer.organization

    def part(self, *, price: str = "120.00", stock: int = 10, site: Site | None = None, **fields: Any) -> Product:
        """A part of the supplier with so many pieces at its warehouse."""
        site = site or self.warehouse
        product = make_part(price=price, stock=0, organization=site.organization, site_code=site.code, **fields)
        if stock:
            put_on_shelf(product, site, stock, now=self.now)
        return product

    def car(self, *, price: str = "169900.00", stock: int = 2) -> Product:
        """A car of headquarters with so many vehicles at the plant."""
        trim = make_trim(price=price, stock=0, organization=self.headquarters, site_code=self.plant.code)
        for _ in range(stock):
            receive_unit(vin=make_vin(), product_id=trim.product_id, site_code=self.plant.code, by=None, now=self.now)
        return trim.product

    def package(self, *, price: str = "1999.00") -> Product:
        """A maintenance package of headquarters."""
        return make_package(price=price)

    def cart(self, *products: Product | tuple[Product, int], user: User | None = None) -> api.CartRef:
        """A cart with these products, of a user or of nobody."""
        ref = api.CartRef(user_id=user.pk if user else None)
        for entry in products:
            product, quantity = entry if isinstance(entry, tuple) else (entry, 1)
            view = api.add_line(cart_ref=ref, product_id=product.pk, quantity=quantity, now=self.now)
            ref = api.CartRef(user_id=ref.user_id, cart_id=view.id)
        return ref

    def check_out(self, ref: api.CartRef, **changes: Any) -> api.CheckoutResult:
        """Order a cart: home delivery, WeChat Pay, in full, unless ``changes`` say otherwise."""
        now = changes.get("now", self.now)
        cart = api.get_cart(ref, now=now)
        total = cart.total if changes.get("method", "delivery") == "delivery" else cart.pickup_total
        return self.check_out_blind(ref, **{"expected_total": total, **changes})

    def check_out_blind(self, ref: api.CartRef, **changes: Any) -> api.CheckoutResult:
        """Order a cart without looking at it; ``expected_total`` must be given."""
        now = changes.pop("now", self.now)
        method = changes.pop("method", "delivery")
        fulfilment = (
            api.FulfilmentWish(method="delivery", address=ADDRESS)
            if method == "delivery"
            else api.FulfilmentWish(method="pickup", store_id=self.store.pk)
        )
        values = {
            "cart_ref": ref,
            "contact": GUEST,
            "fulfilment": fulfilment,
            "payment": api.PaymentWish(provider=changes.pop("provider", "wechatpay"), plan=changes.pop("plan", "full")),
            "points": 0,
            "checkout_key": f"key-{next(numbers)}",
            "by": None,
            "language": "zh-hans",
            "return_url": RETURN_URL,
        }
        return api.checkout(**{**values, **changes}, now=now)

    def order(
        self, *products: Product | tuple[Product, int], user: User | None = None, **changes: Any
    ) -> api.CheckoutResult:
        """Order these products."""
        return self.check_out(self.cart(*products, user=user), by=user, **changes)

    def pay(self, payment: PaymentView | str, *, now: datetime | None = None, provider: str = "wechatpay") -> None:
        """Pay at the fake provider, have it tell us, and let all facts do their work."""
        number = payment if isinstance(payment, str) else payment.number
        self.capture(number, now=now, provider=provider)
        self.drain()

    def capture(self, number: str, *, now: datetime | None = None, provider: str = "wechatpay") -> None:
        """Pay at the fake provider and have it tell us; nobody acts on the fact yet."""
        moment = now or self.now
        self.gateway.pay(number, at=moment)
        receive_notification(provider=provider, notification=self.gateway.news_of(number), now=moment)

    def drain(self) -> None:
        """Let all recorded facts do their work."""
        outbox.drain(now=datetime.max.replace(tzinfo=UTC), strict=True)

    def refund_all(self, *, now: datetime | None = None) -> None:
        """Let the fake provider give back every refund that is due, and act on it."""
        moment = (now or self.now) + timedelta(days=365)
        execute_due_refunds(now=moment)
        self.drain()

    def placed(self, *products: Product | tuple[Product, int], **changes: Any) -> api.CustomerOrder:
        """Order these products and pay what is asked for first."""
        result = self.order(*products, **changes)
        self.pay(result.payment)
        return self.reload(result.order_number)

    def placed_cart(self, ref: api.CartRef, **changes: Any) -> api.CustomerOrder:
        """Order a cart and pay what is asked for first."""
        result = self.check_out(ref, **changes)
        self.pay(result.payment)
        return self.reload(result.order_number)

    def pay_balance(self, order: api.CustomerOrder, *, token: str | None = None) -> None:
        """Pay what is left."""
        view = api.pay_order(
            number=order.number,
            provider="wechatpay",
            tender="balance",
            return_url=RETURN_URL,
            by=order.user,
            token=token or api.sign_order_link(order.number),
            now=self.now,
        )
        self.pay(view)

    @staticmethod
    def reload(number: str) -> api.CustomerOrder:
        """The order as it is now."""
        return api.CustomerOrder.objects.get(number=number)

    @staticmethod
    def code_of(fulfilment: api.Fulfilment) -> str:
        """The pickup code the buyer was sent last."""
        return PickupCode.objects.get(fulfilment=fulfilment, replaced_at__isnull=True).code

    @staticmethod
    def messages() -> list[str]:
        """Names of the messages queued so far."""
        return list(Message.objects.order_by("pk").values_list("template", flat=True))

    def walk_to_ready(self, fulfilment: api.Fulfilment) -> api.Fulfilment:
        """Let the dealer take in, inspect and announce the goods."""
        keys = {"fulfilment_id": fulfilment.pk, "organization_id": self.dealer.pk, "by": None, "now": self.now}
        api.accept_fulfilment(**keys)
        api.mark_arrived(**keys)
        if fulfilment.has_vehicle:
            api.pass_pdi(**keys)
        return api.mark_ready(**keys)


def make_dealer_organization() -> Organization:
    """Another dealer."""
    return make_company(OrganizationKind.DEALER)


__all__ = ["ADDRESS", "GUEST", "Shop", "make_dealer_organization", "make_site", "make_vin", "put_on_shelf"]
