"""One sale as rows: Oscar's order and ours, the sellers' parts, shipments, promises of stock, movements, payments."""

import json
from collections import defaultdict
from random import Random

from apps.kernel.api import blind_index, encrypt
from apps.portals.staff.large_world.people import phone_of
from apps.portals.staff.large_world.sales import CANCELLED, CARRIERS, EXPIRED, HOUR, MINUTE, UNPAID, Part, Sale
from apps.portals.staff.large_world.states import Standing
from apps.portals.staff.large_world.tables import NULL, Table, moment, quoted, yuan
from apps.portals.staff.large_world.tills import Tills
from apps.portals.staff.large_world.timeline import write_timeline
from apps.portals.staff.large_world.vehicles import Garage

CURRENCY = "CNY"
NO = "0.00"
PHONE_INDEX = "orders.phone"
STREETS = ("中山路", "人民路", "解放路", "建设路", "星湖街", "科技大道", "滨江路", "学府路", "和平街", "新华路")
# The hold of an unpaid order outlives its 15 minutes a little.
HOLD = 16 * MINUTE
SLA = 24 * HOUR


class Ledgers:
    """The tables a week's sales go into, and what each shelf gave."""

    def __init__(self) -> None:
        amounts = ("goods", "discount", "freight", "tax", "total")
        self.orders = Table("order.Order", (
            "number", "user_id", "currency", "total_incl_tax", "total_excl_tax", "shipping_incl_tax",
            "shipping_excl_tax", "shipping_method", "shipping_code", "status", "guest_email", "date_placed",
        ))  # fmt: skip
        self.customer_orders = Table("orders.CustomerOrder", (
            "order_id", "number", "status", "plan", "method", "user_id", "deposit", "paid", "refunded", "email",
            "phone", "phone_index", "language", "token_hash", "store_id", "recipient_name", "recipient_phone",
            "address_line", "province", "city", "district", "checkout_key", "checkout_fingerprint", "created_at",
            "expires_at", "placed_at", "ended_at", *amounts,
        ), id_column=None)  # fmt: skip
        self.lines = Table("order.Line", (
            "order_id", "partner_id", "partner_name", "partner_sku", "stockrecord_id", "product_id", "title",
            "quantity", "unit_price_incl_tax", "line_price_incl_tax", "line_price_excl_tax",
            "line_price_before_discounts_incl_tax", "line_price_before_discounts_excl_tax", "num_allocated",
        ))  # fmt: skip
        self.items = Table("orders.OrderItem", (
            "line_id", "order_id", "seller_order_id", "seller_id", "position", "kind", "product_id", "sku",
            "title_zh", "title_en", "slug", "brand_code", "option_summary", "option_codes", "quantity", "unit_price",
            "list_price", "tax_rate", "needs_stock", "lead_time_days", *amounts,
        ), id_column=None)  # fmt: skip
        self.seller_orders = Table("orders.SellerOrder", (
            "order_id", "number", "seller_id", "status", "paid", "refunded", "created_at", *amounts,
        ))  # fmt: skip
        self.fulfilments = Table("orders.Fulfilment", (
            "order_id", "seller_order_id", "method", "status", "site_id", "source_id", "store_id", "receiver_id",
            "has_vehicle", "carrier", "tracking_number", "created_at", "sla_due_at", "accepted_at",
            "source_accepted_at", "shipped_at", "done_at", *amounts,
        ))  # fmt: skip
        self.fulfilment_lines = Table("orders.FulfilmentLine", (
            "fulfilment_id", "item_id", "quantity", "reservation_id", "stock_cause", *amounts,
        ))  # fmt: skip
        self.codes = Table("orders.PickupCode", ("fulfilment_id", "code", "issued_at", "used_at"))
        self.events = Table("orders.OrderEvent", ("order_id", "code", "context", "at"))
        self.reservations = Table("inventory.Reservation", (
            "level_id", "cause", "line_ref", "quantity", "status", "expires_at", "created_at", "ended_at",
        ))  # fmt: skip
        self.movements = Table("inventory.Movement", ("level_id", "kind", "quantity", "cause", "reservation_id", "at"))
        self.tills = Tills()
        self.garage = Garage()
        self.taken: dict[int, int] = defaultdict(int)

    def tables(self) -> list[Table]:
        """All of them, those first that others refer to."""
        return [
            self.orders, self.customer_orders, self.lines, self.seller_orders, self.items, self.fulfilments,
            self.reservations, self.fulfilment_lines, self.codes, self.events, self.movements,
            *self.tills.tables(), *self.garage.tables(),
        ]  # fmt: skip

    def begin(self) -> None:
        """Number from the highest ids on."""
        self.garage.begin()
        for table in self.tables():
            table.begin()

    def flush(self, *, received_at: float, cause: str) -> int:
        """Write everything, with what came in to replace what the shelves gave; the rows written."""
        for level, pieces in sorted(self.taken.items()):
            self.movements.add(
                f"{self.movements.number()}\t{level}\tRECEIVED\t{pieces}\t{cause}\t{NULL}\t{moment(received_at)}"
            )
        self.taken.clear()
        number = sum(len(table.lines) for table in self.tables())
        for table in self.tables():
            table.flush()
        return number


def write_sale(ledgers: Ledgers, sale: Sale, standing: Standing, random: Random) -> None:
    """Collect every row of a sale."""
    order_id = ledgers.orders.number()
    paid, refunded = ledgers.tills.take(sale, random)
    _write_order(ledgers, sale, standing, order_id, paid, refunded, random)
    line_ids = _write_lines(ledgers, sale, order_id)
    if sale.parts:
        _write_parts(ledgers, sale, standing, order_id, line_ids, paid, refunded, random)
    else:
        _write_holds(ledgers, sale, line_ids)
    write_timeline(ledgers.events, sale, standing, order_id)


def _write_order(
    ledgers: Ledgers, sale: Sale, standing: Standing, order_id: int, paid: int, refunded: int, random: Random
) -> None:
    total, tax, freight = sale.total, sale.tax, sale.freight
    at, user = moment(sale.at), sale.user_id or NULL
    ledgers.orders.add(
        f"{order_id}\t{sale.number}\t{user}\t{CURRENCY}\t{yuan(total)}\t{yuan(total - tax)}\t{yuan(freight)}"
        f"\t{yuan(freight - sale.freight_tax)}\t{sale.method}\t{sale.method}\t\t\t{at}"
    )
    phone = phone_of(sale.member) if sale.member is not None else f"+861980{random.randrange(10**7):07d}"
    is_delivery = sale.method == "delivery"
    province, city, district = sale.place if is_delivery else ("", "", "")
    ended = sale.ended_at if sale.fate else standing.completed_at
    placed = sale.paid_at if not sale.fate or sale.fate == CANCELLED else None
    places = ("recipient_name", "recipient_phone", "address_line")
    address = ("", "", "")
    if is_delivery:
        line = f"{random.choice(STREETS)} {random.randint(1, 899)} 号 {random.randint(1, 32)}0{random.randint(1, 6)} 室"
        texts = (f"收件人{(sale.member or 0) % 9973}", phone, line)
        address = tuple(
            encrypt(text, place=f"orders_customerorder.{place}") for text, place in zip(texts, places, strict=True)
        )
    else:
        address = tuple(encrypt("", place=f"orders_customerorder.{place}") for place in places)
    ledgers.customer_orders.add(
        f"{order_id}\t{sale.number}\t{standing.order}\t{'deposit' if sale.deposit else 'full'}\t{sale.method}\t{user}"
        f"\t{yuan(sale.deposit)}\t{yuan(paid)}\t{yuan(refunded)}"
        f"\t{encrypt('', place='orders_customerorder.email')}\t{encrypt(phone, place='orders_customerorder.phone')}"
        f"\t{blind_index(phone, purpose=PHONE_INDEX)}\tzh-hans\t{random.getrandbits(256):064x}"
        f"\t{sale.store.pk if sale.store else NULL}\t{address[0]}\t{address[1]}\t{address[2]}\t{province}\t{city}"
        f"\t{district}\t{random.getrandbits(256):064x}\t{random.getrandbits(256):064x}\t{at}"
        f"\t{moment(sale.at + 15 * MINUTE)}\t{moment(placed)}\t{moment(ended)}"
        f"\t{yuan(sale.goods)}\t{NO}\t{yuan(freight)}\t{yuan(tax)}\t{yuan(total)}"
    )


def _write_lines(ledgers: Ledgers, sale: Sale, order_id: int) -> list[int]:
    ids = []
    for line in sale.lines:
        good, goods, net = line.good, yuan(line.goods), yuan(line.goods - line.tax)
        ids.append(ledgers.lines.number())
        ledgers.lines.add(
            f"{ids[-1]}\t{order_id}\t{good.partner_id}\t{good.seller_zh}\t{good.sku}\t{good.record_id}"
            f"\t{good.product_id}\t{quoted(good.title_zh)}\t{line.quantity}\t{yuan(line.unit_price)}\t{goods}\t{net}"
            f"\t{goods}\t{net}\t0"
        )
    if not sale.parts:
        _write_items(ledgers, sale, order_id, ids, {})
    return ids


def _write_items(
    ledgers: Ledgers, sale: Sale, order_id: int, line_ids: list[int], seller_orders: dict[int, int]
) -> None:
    for position, (line_id, line) in enumerate(zip(line_ids, sale.lines, strict=True), start=1):
        good, build = line.good, line.build
        summary = quoted(json.dumps(build.summary, ensure_ascii=False)) if build else "[]"
        codes = json.dumps(build.codes) if build else "[]"
        list_price = yuan(good.list_price) if good.list_price and not build else NULL
        ledgers.items.add(
            f"{line_id}\t{order_id}\t{seller_orders.get(line_id, NULL)}\t{good.seller_id}\t{position}\t{good.kind}"
            f"\t{good.product_id}\t{good.sku}\t{quoted(good.title_zh)}\t{quoted(good.title_en)}\t{good.slug}"
            f"\t{good.brand}\t{summary}\t{codes}\t{line.quantity}\t{yuan(line.unit_price)}\t{list_price}"
            f"\t0.{good.tax_rate:04d}\t{'t' if good.level_id else 'f'}\t{good.lead_time_days}"
            f"\t{yuan(line.goods)}\t{NO}\t{NO}\t{yuan(line.tax)}\t{yuan(line.goods)}"
        )


def _write_holds(ledgers: Ledgers, sale: Sale, line_ids: list[int]) -> None:
    """Promises of an order that was never paid: given back, and never a movement."""
    status = "EXPIRED" if sale.fate == EXPIRED else "RELEASED"
    for line_id, line in zip(line_ids, sale.lines, strict=True):
        if line.good.level_id:
            ledgers.reservations.add(
                f"{ledgers.reservations.number()}\t{line.good.level_id}\t{sale.number}\t{line_id}\t{line.quantity}"
                f"\t{status}\t{moment(sale.at + HOLD)}\t{moment(sale.at)}\t{moment(sale.ended_at)}"
            )


def _write_parts(
    ledgers: Ledgers, sale: Sale, standing: Standing, order_id: int, line_ids: list[int], paid: int, refunded: int,
    random: Random,
) -> None:  # fmt: skip
    ids = {id(line): line_id for line_id, line in zip(line_ids, sale.lines, strict=True)}
    by_seller: dict[int, list[tuple[Part, str, str]]] = defaultdict(list)
    for part, seller, fulfilment in zip(sale.parts, standing.sellers, standing.fulfilments, strict=True):
        by_seller[part.seller.seller_id].append((part, seller, fulfilment))
    of_line: dict[int, int] = {}
    for index, (seller_id, group) in enumerate(by_seller.items(), start=1):
        seller_order_id = ledgers.seller_orders.number()
        goods, freight = sum(p.goods for p, _, _ in group), sum(p.freight for p, _, _ in group)
        tax = sum(p.tax for p, _, _ in group)
        # What was paid of an order in full is paid of each part; a prepayment is always of one seller.
        own_paid, own_back = (goods + freight, 0) if paid == sale.total else (paid, 0)
        own_back = own_paid if refunded else 0
        ledgers.seller_orders.add(
            f"{seller_order_id}\t{order_id}\t{sale.number}-{index}\t{seller_id}\t{_least(group)}\t{yuan(own_paid)}"
            f"\t{yuan(own_back)}\t{moment(sale.paid_at)}\t{yuan(goods)}\t{NO}\t{yuan(freight)}\t{yuan(tax)}"
            f"\t{yuan(goods + freight)}"
        )
        for part, _seller, status in group:
            _write_fulfilment(ledgers, sale, part, status, order_id, seller_order_id, random)
            of_line |= {ids[id(line)]: seller_order_id for line in part.lines}
    _write_items(ledgers, sale, order_id, line_ids, of_line)
    for part in sale.parts:
        for line in part.lines:
            _write_promise(ledgers, sale, part, line, ids[id(line)])


def _least(group: "list[tuple[Part, str, str]]") -> str:
    """The status of a seller's order from those its parts would have alone."""
    statuses = [seller for _part, seller, _status in group]
    if all(status == "COMPLETED" for status in statuses):
        return "COMPLETED"
    for status in ("CANCELLED", "IN_FULFILMENT", "COMPLETED", "ACCEPTED"):
        if status in statuses:
            return "IN_FULFILMENT" if status == "COMPLETED" else status
    return "PLACED"


def _write_fulfilment(
    ledgers: Ledgers, sale: Sale, part: Part, status: str, order_id: int, seller_order_id: int, random: Random
) -> None:
    part.fulfilment_id = pk = ledgers.fulfilments.number()
    good, store = part.seller, sale.store
    is_sent = part.shipped_at is not None and good.site_id is not None
    if is_sent:
        part.carrier, part.tracking_number = random.choice(CARRIERS), f"SF{random.randrange(10**13):013d}"
    due = moment((sale.paid_at or sale.at) + SLA) if good.site_id else NULL
    accepted = moment(part.accepted_at) if good.site_id else NULL
    sent_by_source = moment(part.shipped_at) if good.site_id and sale.method == "pickup" else NULL
    ledgers.fulfilments.add(
        f"{pk}\t{order_id}\t{seller_order_id}\t{sale.method}\t{status}\t{good.site_id or NULL}\t{good.source_id}"
        f"\t{store.pk if store else NULL}\t{store.dealer_id if store else NULL}"
        f"\t{'t' if good.kind == 'vehicle' else 'f'}\t{part.carrier}\t{part.tracking_number}"
        f"\t{moment(sale.paid_at)}\t{due}\t{accepted}\t{sent_by_source}\t{moment(part.shipped_at)}"
        f"\t{moment(part.done_at)}\t{yuan(part.goods)}\t{NO}\t{yuan(part.freight)}\t{yuan(part.tax)}"
        f"\t{yuan(part.total)}"
    )
    if part.ready_at is not None:
        code = encrypt(f"{random.randrange(10**6):06d}", place="orders_pickupcode.code")
        ledgers.codes.add(f"{ledgers.codes.number()}\t{pk}\t{code}\t{moment(part.ready_at)}\t{moment(part.done_at)}")


def _write_promise(ledgers: Ledgers, sale: Sale, part: Part, line, line_id: int) -> None:
    """The promise of one line, what it did to the shelf, and the piece of the shipment that it fills."""
    good, reservation = line.good, None
    if good.level_id:
        reservation = ledgers.reservations.number()
        status, ended = _promise_status(sale, part)
        ledgers.reservations.add(
            f"{reservation}\t{good.level_id}\t{sale.number}\t{line_id}\t{line.quantity}\t{status}"
            f"\t{moment(sale.at + HOLD)}\t{moment(sale.at)}\t{moment(ended)}"
        )
        steps = [("ALLOCATED", sale.paid_at)] + ([] if status == "ALLOCATED" else [(status, ended)])
        for kind, at in steps:
            ledgers.movements.add(
                f"{ledgers.movements.number()}\t{good.level_id}\t{kind}\t{line.quantity}\t{sale.number}"
                f"\t{reservation}\t{moment(at)}"
            )
    line_pk = ledgers.fulfilment_lines.number()
    ledgers.fulfilment_lines.add(
        f"{line_pk}\t{part.fulfilment_id}\t{line_id}\t{line.quantity}\t{reservation or NULL}"
        f"\t{sale.number if reservation else ''}\t{yuan(line.goods)}\t{NO}\t{NO}\t{yuan(line.tax)}\t{yuan(line.goods)}"
    )
    if good.kind == "vehicle":
        ledgers.garage.assign(sale, part, line, line_pk, ledgers.movements)
    elif good.level_id:
        ledgers.taken[good.level_id] += line.quantity


def _promise_status(sale: Sale, part: Part) -> tuple[str, float | None]:
    if sale.fate in (CANCELLED, UNPAID):
        return "RELEASED", sale.ended_at
    if part.shipped_at is not None:
        return "SHIPPED", part.shipped_at
    return "ALLOCATED", None
