"""
The world of the route matrix: two suppliers, two dealers, two consumers, and what each of them owns.

A route's objects are found by the beginning of its path and the names of its parameters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts import api as accounts
from apps.accounts.api import Organization, OrganizationKind, Role
from apps.accounts.models import OrganizationMember
from apps.catalog.api import ProductProposal, configure
from apps.financing import api as financing
from apps.integrations.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from apps.kernel.api import ImportRun, ImportStatus, Money, imports
from apps.leads import api as leads
from apps.orders import api as orders
from apps.orders.models import Fulfilment
from apps.orders.models.inspections import Inspection
from apps.testdrives.api import check_in_token
from tests.architecture.reference_data import FILES
from tests.architecture.routes import Route
from tests.factories.accounts import make_member, make_user
from tests.factories.aftersales import book_visit, make_entitlement
from tests.factories.handovers import arrive, make_area, make_ready, next_handover, walk_to_signature
from tests.factories.orders import Shop, make_vin
from tests.factories.payments import FakeGateway, using_fake
from tests.factories.support import make_desk_work
from tests.factories.testdrives import book_drive

# No object has this number, and no address this name.
ABSENT = 999_999_999
Values = dict[str, Any]


class World:
    """Who there is, and what is theirs. ``values(route, kind)`` are the parameters of an own or a foreign object."""

    def __init__(self, gateway: FakeGateway) -> None:
        self.now = timezone.now()
        self.shop, self.other = Shop(now=self.now, gateway=gateway), Shop(now=self.now, gateway=gateway)
        self.people = {role: self._person(role) for role in Role}
        self.examples = [
            *self._of_handovers(),
            *self._of_desks(),
            *self._of_financing(),
            *self._of_consumers(),
            *self._of_sellers(),
        ]
        self._clients: dict[Any, Client] = {}

    def client(self, role: Role | None) -> Client:
        """A browser of somebody in this role; of a visitor for None. It sees a bug as a 500, as people do."""
        client = Client(raise_request_exception=False)
        if role is not None:
            client.force_login(self.people[role], backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    def values(self, route: Route, kind: str) -> Values | None:
        """The parameters of an object of this kind; None where nobody said what that would be."""
        for start, own, foreign in self.examples:
            found = {"own": own, "foreign": foreign}.get(kind)
            if re.match(start, route.pattern) and found is not None and set(route.parameters) <= {*found, *COMMON}:
                return {name: {**COMMON, **found}[name] for name in route.parameters}
        return None

    def absent(self, route: Route, kind: str) -> Values:
        """What an absent object's address says beside its number."""
        return {name: COMMON[name] for name in route.parameters if name in COMMON} if kind == "absent" else {}

    def _person(self, role: Role) -> Any:
        houses = {
            Role.DEALER_CLERK: self.shop.dealer,
            Role.DEALER_MANAGER: self.shop.dealer,
            Role.SUPPLIER: self.shop.supplier,
            Role.SUPPLIER_CLERK: self.shop.supplier,
        }
        return make_member(role, houses.get(role))

    def _of_desks(self) -> list[tuple[str, Values, Values]]:
        """A conversation, an agent and a prepared reply at each dealer's desk, and at headquarters'."""
        consumer, operator = self.people[Role.CONSUMER], self.people[Role.HQ_OPERATOR]
        house = OrganizationMember.objects.get(user=operator).organization_id
        sides = [(self.shop, consumer), (self.other, make_user())]
        own, foreign = (
            make_desk_work(
                shop.dealer.pk,
                store=shop.store,
                member=person,
                by=make_member(Role.DEALER_CLERK, shop.dealer),
                now=self.now,
            )
            for shop, person in sides
        )
        central = make_desk_work(house, store=None, member=make_user(), by=operator, now=self.now)
        return [
            (r"chat/", {"reference": own["reference"], "seq": 1}, {"reference": foreign["reference"], "seq": 1}),
            (r"dealer/chat/", own, foreign),
            (r"admin/chat/", central, foreign),
        ]

    def _of_handovers(self) -> list[tuple[str, Values, Values]]:
        """A car that is handed over by appointment, with everything written down but the signature."""
        sides = [(self.shop, self.people[Role.CONSUMER]), (self.other, make_user())]
        found = []
        for shop, person in sides:
            make_area(shop.store)
            car = make_ready(shop, arrive(shop, user=person))
            by = make_member(Role.DEALER_CLERK, shop.dealer)
            keys = {"organization_id": shop.dealer.pk, "by": by, "now": self.now}
            starts_at = next_handover(shop.store, now=self.now)
            orders.book_handover(fulfilment_id=car.pk, starts_at=starts_at, **keys)
            walk_to_signature(car, keys)
            found.append({"number": car.order.number, "fulfilment_id": car.pk, "name": "identity"})
        return [(r"orders/[^/]+/handovers/", *found), (r"dealer/handovers/", *found)]

    def _of_financing(self) -> list[tuple[str, Values, Values]]:
        """An application and a used car of a consumer; the car waits at the shop's dealer."""
        financing.load_finance(FILES["finance"], now=self.now)
        financing.load_trade_in_tables(FILES["trade_ins"], now=self.now)
        sides = [(self.shop, self.people[Role.CONSUMER]), (self.other, make_user())]
        loans, cars = [], []
        for shop, person in sides:
            order = shop.placed(shop.car(), user=person, method="pickup", plan="deposit")
            application = financing.start_application(
                order_number=order.number,
                product_code="XC-EASY",
                months=36,
                down_payment=Money.of("69900.00"),
                by=person,
                now=self.now,
            )
            told = financing.CarTold(
                price_as_new="200000",
                first_registered=self.now.date().replace(year=self.now.year - 3, day=1),
                mileage_km="45000",
                condition="GOOD",
            )
            offer = financing.offer_trade_in(told=told, car_name="L6", vin=make_vin(), by=person, now=self.now)
            financing.accept_trade_in(number=offer.number, store_id=shop.store.pk, by=person, now=self.now)
            loans.append({"number": application.number, "name": "describe"})
            cars.append({"number": offer.number})
        return [
            (r"account/finance/loans/", *loans),
            (r"account/finance/trade-ins/", *cars),
            (r"dealer/trade-ins/", *cars),
        ]

    def _of_consumers(self) -> list[tuple[str, Values, Values]]:
        own = self.shop.placed(self.shop.part(), user=self.people[Role.CONSUMER])
        foreign = self.other.placed(self.other.part(), user=make_user())
        drives = [
            {"test_drive_id": drive.pk, "reference": drive.reference}
            for shop, person in ((self.shop, self.people[Role.CONSUMER]), (self.other, make_user()))
            for drive in [book_drive(shop.store, member=person, now=self.now)]
        ]
        return [
            (r"(api/v1/)?orders/", _of_order(own), _of_order(foreign)),
            (r"(api/v1/|account/)?test-drives/", *drives),
            *self._of_owners(),
        ]

    def _of_owners(self) -> list[tuple[str, Values, Values]]:
        """Cars, packages and visits with something to answer."""
        found = []
        for shop, person in ((self.shop, self.people[Role.CONSUMER]), (self.other, make_user())):
            visit = book_visit(shop.store, member=person, now=self.now)
            package = make_entitlement(holder=person, vehicle=visit.vehicle, now=self.now)
            finding = visit.findings.create(text="雨刮老化", urgency="SOON", by=person, at=self.now)
            car = {"vehicle_id": visit.vehicle_id, "store": shop.store.code.lower()}
            found.append(
                (car, {"reference": package.reference}, {"reference": visit.reference, "finding_id": finding.pk})
            )
        own, foreign = found
        starts = (r"(account/vehicles|service)/", r"account/packages/", r"account/service/")
        return list(zip(starts, own, foreign, strict=True))

    def _of_sellers(self) -> list[tuple[str, Values, Values]]:
        rows = []
        for prefix, side in (("supplier", "supplier"), ("dealer", "dealer")):
            own, foreign = getattr(self.shop, side), getattr(self.other, side)
            examples = [self._of_house(company, shop) for company, shop in ((own, self.shop), (foreign, self.other))]
            rows.append((rf"(api/v1/)?{prefix}/", *examples))
        return rows

    def _of_house(self, company: Organization, shop: Shop) -> Values:
        """One object of every kind that this supplier or dealer has."""
        kind = OrganizationKind(company.kind)
        is_supplier = kind == OrganizationKind.SUPPLIER
        manager = make_member(Role.SUPPLIER if is_supplier else Role.DEALER_MANAGER, company)
        clerk = make_member(Role.SUPPLIER_CLERK if is_supplier else Role.DEALER_CLERK, company)
        scope = "stock:read"
        key, _ = accounts.create_api_key(
            organization_id=company.pk, name="Key", scopes=[scope], days=30, by=manager, now=self.now
        )
        invitation = accounts.invite_member(
            organization_id=company.pk,
            role=Role.SUPPLIER_CLERK if is_supplier else Role.DEALER_CLERK,
            email=f"guest-of-{company.pk}@example.com",
            by=manager,
            now=self.now,
        )
        part = shop.part()
        order = shop.placed(part, **({} if is_supplier else {"method": "pickup"}))
        fulfilment = Fulfilment.objects.filter(order=order).order_by("pk").first()
        assert fulfilment is not None
        if is_supplier:  # a parcel has papers once its seller took it on
            orders.accept_fulfilment(fulfilment_id=fulfilment.pk, organization_id=company.pk, by=manager, now=self.now)
        return {
            **self._of_webhooks(company, manager),
            "run_id": self._run(company).pk,
            "site": shop.warehouse.code,
            **({"proposal_id": self._proposal(company, manager).pk} if is_supplier else {}),
            **({} if is_supplier else self._of_showroom(company, shop, manager)),
            "fulfilment_id": fulfilment.pk,
            "sku": part.stockrecords.get().partner_sku,
            "member_id": OrganizationMember.objects.get(user=clerk).pk,
            "invitation_id": invitation.pk,
            "key_id": key.pk,
        }

    def _proposal(self, company: Organization, manager: Any) -> ProductProposal:
        return ProductProposal.objects.create(
            organization=company,
            sku=f"PROPOSED-{company.pk}",
            kind="part",
            title_zh="空调滤芯",
            title_en="Cabin filter",
            category_code="FILTERS",
            price="88.00",
            lead_time_days=2,
            site_codes=[],
            proposed_by=manager,
            proposed_at=self.now,
        )

    def _run(self, company: Organization) -> ImportRun:
        return ImportRun.objects.create(
            kind="stock",
            scope=imports.scope_of(company.pk),
            name="stock.xlsx",
            content="imports/none",
            size=1,
            digest="0" * 64,
            status=ImportStatus.CHECKED,
            uploaded_at=self.now,
        )

    def _of_webhooks(self, company: Organization, manager: Any) -> Values:
        endpoint = WebhookEndpoint.objects.create(
            organization=company,
            url=f"https://{company.code.lower()}.example/hook",
            event_types=["stock.changed"],
            secret="whsec_c2VjcmV0",
            created_at=self.now,
            created_by=manager,
        )
        delivery = WebhookDelivery.objects.create(
            endpoint=endpoint,
            message_id=f"msg_{company.pk}",
            event_type="stock.changed",
            body="{}",
            next_attempt_at=self.now,
            occurred_at=self.now,
        )
        WebhookAttempt.objects.create(delivery=delivery, number=1, at=self.now, status_code=204, milliseconds=12)
        return {"endpoint_id": endpoint.pk, "delivery_id": delivery.pk}

    def _of_showroom(self, company: Organization, shop: Shop, manager: Any) -> Values:
        """What only dealers have: leads, quotes, inspections."""
        lead = leads.open_lead(
            source=leads.LeadSource.VEHICLE_PAGE,
            store_id=shop.store.pk,
            name="王小明",
            phone=f"138{company.pk:08d}",
            has_consent=True,
            interest=leads.Interest(name_zh="星驰 天枢", name_en="Xingchi Tianshu"),
            by=None,
            now=self.now,
        )
        car = shop.car()
        built = configure(product_id=car.pk, option_codes=[], by=None, now=self.now)
        quote = leads.issue_quote(
            organization_id=company.pk,
            store_id=shop.store.pk,
            configuration_id=built.pk,
            by=manager,
            now=self.now,
        )
        handed_over = Fulfilment.objects.filter(receiver=company).order_by("pk").first()
        inspection = Inspection.objects.create(fulfilment=handed_over, vin="LXCTEST0000000001", opened_at=self.now)
        drive = book_drive(shop.store, member=make_user(), now=self.now)
        return {
            "lead_id": lead.pk,
            "number": quote.number,
            "inspection_id": inspection.pk,
            "test_drive_id": drive.pk,
            "token": check_in_token(drive),
            "visit_id": book_visit(shop.store, member=make_user(), now=self.now).pk,
        }


# What an address says about the deed and not about the object; and papers, which are kinds and not objects.
COMMON: Values = {"name": "accept", "move": "pause", "code": "business_licence", "kind": "stock"}


def _of_order(order: Any) -> Values:
    return {"number": order.number, "fulfilment_id": order.fulfilments.order_by("pk").first().pk}


@contextmanager
def build_world() -> Iterator[World]:
    """Build it on the database at hand; payments go to a provider in memory."""
    gateway = FakeGateway()
    with using_fake(gateway, "wechatpay"), using_fake(gateway, "alipay"), using_fake(gateway, "stripe"):
        yield World(gateway)
