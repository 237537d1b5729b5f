"""The customer order, its lines, and the part each seller owes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.kernel.api import AuditTrigger, EncryptedTextField, Money, in_language
from apps.orders.models.fields import AmountColumns, AmountField, RateField, one_of, sum_checks
from apps.orders.states import Method, OrderStatus, Plan, SellerOrderStatus


class CustomerOrder(AmountColumns):
    """
    What the consumer ordered, beside Oscar's immutable row: status, money so far, contact, destination.

    ``paid`` and ``refunded`` follow payments; ``deposit`` is what plan ``deposit`` asks for first, else zero.
    """

    order = models.OneToOneField("order.Order", models.PROTECT, primary_key=True, related_name="customer_order")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = models.CharField(_("status"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.DRAFT)
    plan = models.CharField(_("plan"), max_length=8, choices=Plan.choices)
    method = models.CharField(_("method"), max_length=8, choices=Method.choices)
    user = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="customer_orders", verbose_name=_("user")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    deposit = AmountField(_("prepayment"))
    paid = AmountField(_("paid"))
    refunded = AmountField(_("refunded"))
    # The total of parts that were called off after payment: no longer owed by anybody.
    called_off = AmountField(_("called off"), db_default=0)
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    phone = EncryptedTextField(_("phone"), blank=True, default="")
    phone_index = models.CharField(_("phone index"), max_length=64, blank=True, default="", db_index=True)
    language = models.CharField(_("language"), max_length=12)
    token_hash = models.CharField(_("token hash"), max_length=64, unique=True)
    store = models.ForeignKey(
        "dealers.Store", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("store")
    )
    recipient_name = EncryptedTextField(_("recipient"), blank=True, default="")
    recipient_phone = EncryptedTextField(_("recipient's phone"), blank=True, default="")
    address_line = EncryptedTextField(_("address"), blank=True, default="")
    province = models.CharField(_("province"), max_length=60, blank=True, default="")
    city = models.CharField(_("city"), max_length=60, blank=True, default="")
    district = models.CharField(_("district"), max_length=60, blank=True, default="")
    cart = models.OneToOneField("basket.Basket", models.SET_NULL, null=True, related_name="customer_order")
    checkout_key = models.CharField(_("checkout key"), max_length=64, unique=True)
    checkout_fingerprint = models.CharField(_("checkout fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed at"), null=True, blank=True)
    # As the rule said on the day the balance was called; a rule changed later changes no order.
    balance_due_at = models.DateTimeField(_("balance due at"), null=True, blank=True)
    balance_remind_at = models.DateTimeField(_("remind of the balance at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            *sum_checks("order"),
            one_of("status", OrderStatus, "order"),
            one_of("plan", Plan, "order"),
            one_of("method", Method, "order"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, refunded__gte=0, refunded__lte=F("paid")), name="orders_never_refund_unpaid"
            ),
            models.CheckConstraint(
                condition=Q(called_off__gte=0, called_off__lte=F("total")), name="orders_called_off_in_range"
            ),
            models.CheckConstraint(
                condition=Q(plan=Plan.FULL, deposit=0) | Q(plan=Plan.DEPOSIT, deposit__gt=0, deposit__lte=F("total")),
                name="orders_deposit_goes_with_its_plan",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.PICKUP, store__isnull=False) | Q(method=Method.DELIVERY, store__isnull=True),
                name="orders_pickup_has_a_store",
            ),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.AWAITING_PAYMENT) | Q(expires_at__isnull=False),
                name="orders_unpaid_expires",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status=OrderStatus.AWAITING_PAYMENT), name="orders_order_expiry"
            ),
            models.Index(
                fields=["balance_due_at"],
                condition=Q(status=OrderStatus.AWAITING_BALANCE),
                name="orders_order_balance",
            ),
            models.Index(fields=["user", "-created_at"], name="orders_order_of_user"),
            models.Index(fields=["-created_at"], name="orders_order_newest"),
        ]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return self.number

    def money(self, field: str) -> Money:
        """Return an amount column as money."""
        return Money(getattr(self, field), self.currency)

    @property
    def balance_due(self) -> Money:
        """What is still to be paid; nothing once the order ended."""
        if self.status in (OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.COMPLETED):
            return Money.zero(self.currency)
        owed = self.money("total") - self.money("called_off")
        return max(owed - (self.money("paid") - self.money("refunded")), Money.zero(self.currency))


class SellerOrder(AmountColumns):
    """What one seller owes of an order. The seller orders of an order sum to it in every amount."""

    order = models.ForeignKey(CustomerOrder, models.PROTECT, related_name="seller_orders", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=28, unique=True)
    seller = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="seller_orders", verbose_name=_("seller")
    )
    status = models.CharField(
        _("status"), max_length=16, choices=SellerOrderStatus.choices, default=SellerOrderStatus.PLACED
    )
    paid = AmountField(_("paid"))
    refunded = AmountField(_("refunded"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("seller order")
        verbose_name_plural = _("seller orders")
        constraints = [
            *sum_checks("seller_order"),
            one_of("status", SellerOrderStatus, "seller_order"),
            models.UniqueConstraint(fields=["order", "seller"], name="orders_one_part_per_seller"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, paid__lte=F("total"), refunded__gte=0, refunded__lte=F("paid")),
                name="orders_seller_order_paid_in_range",
            ),
        ]
        indexes = [models.Index(fields=["seller", "-created_at"], name="orders_part_of_seller")]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return self.number


class OrderItem(AmountColumns):
    """One line as it was sold: titles, options, tax and seller are frozen. Freight is the order's, so zero here."""

    line = models.OneToOneField("order.Line", models.PROTECT, primary_key=True, related_name="item")
    order = models.ForeignKey(CustomerOrder, models.PROTECT, related_name="items")
    seller_order = models.ForeignKey(SellerOrder, models.PROTECT, null=True, blank=True, related_name="items")
    seller = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+", verbose_name=_("seller"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12)
    product = models.ForeignKey("catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+")
    configuration = models.ForeignKey("catalog.Configuration", models.PROTECT, null=True, blank=True, related_name="+")
    vehicle = models.ForeignKey("catalogue.Product", models.SET_NULL, null=True, blank=True, related_name="+")
    sku = models.CharField(_("SKU"), max_length=128)
    title_zh = models.CharField(_("title (Chinese)"), max_length=255)
    title_en = models.CharField(_("title (English)"), max_length=255)
    slug = models.CharField(_("slug"), max_length=255, blank=True, default="")
    image = models.CharField(_("image"), max_length=255, blank=True, default="")
    brand_code = models.CharField(_("brand"), max_length=40, blank=True, default="")
    option_summary = models.JSONField(_("options"), default=list, blank=True)
    option_codes = models.JSONField(_("option codes"), default=list, blank=True)
    # Why this seller's offer was shown and the others were not.
    offer_choice = models.JSONField(_("choice of the offer"), default=list, blank=True)
    # The versions of prices that made the unit price, for whom: ``explain_item_price`` derives it again from them.
    price_trace = models.JSONField(_("versions of the price"), default=dict, blank=True, db_default={})
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = AmountField(_("unit price"))
    list_price = AmountField(_("list price"), default=None, null=True, blank=True)
    tax_rate = RateField(_("tax rate"))
    needs_stock = models.BooleanField(_("comes out of stock"))
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=0)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            *sum_checks("item"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(goods=F("unit_price") * F("quantity")), name="orders_item_goods_add_up"
            ),
            models.CheckConstraint(condition=Q(freight=0), name="orders_item_without_freight"),
            models.UniqueConstraint(fields=["order", "position"], name="orders_item_position_once"),
        ]
        triggers = [AuditTrigger(name="audit")]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title_zh, self.title_en)


class OrderEvent(models.Model):
    """One entry of the timeline a buyer reads. ``code`` picks the text, ``context`` fills it. Append-only."""

    order = models.ForeignKey(CustomerOrder, models.PROTECT, related_name="events")
    code = models.CharField(_("code"), max_length=40)
    context = models.JSONField(_("context"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        indexes = [models.Index(fields=["order", "id"], name="orders_event_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.code}"
