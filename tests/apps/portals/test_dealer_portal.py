"""The dealer's portal: what waits, leads, orders, the inspection, stock, customers, papers."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.accounts.api import Role
from apps.catalog.api import configure
from apps.inventory.api import Unit
from apps.leads import api as leads
from apps.orders import api as orders
from apps.portals import papers
from tests.factories.accounts import make_member
from tests.factories.orders import make_vin

CAR = leads.Interest(name_zh="星驰 天枢", name_en="Xingchi Tianshu")


@pytest.fixture
def dealer(shop, sign_in):
    return sign_in(Role.DEALER_CLERK, shop.dealer)


@pytest.fixture
def manager(shop, sign_in):
    return sign_in(Role.DEALER_MANAGER, shop.dealer)


@pytest.fixture
def stranger(sign_in):
    return sign_in(Role.DEALER_MANAGER)


@pytest.fixture
def fulfilment(shop):
    """A car, paid in full, to be fetched at the dealer's store."""
    return shop.placed(shop.car(), method="pickup").fulfilments.get()


@pytest.fixture
def ask(shop, dealer):
    """Return a function: somebody asks the dealer's store."""

    def make(**changes):
        values = {
            "source": leads.LeadSource.VEHICLE_PAGE,
            "store_id": shop.store.pk,
            "name": "林晚晴",
            "phone": "13912345678",
            "has_consent": True,
            "interest": CAR,
            "by": None,
            "now": timezone.now(),
        }
        return leads.open_lead(**{**values, **changes})

    return make


def read(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile("photo.png", content.getvalue(), "image/png")


class TestHome:
    def test_an_order_is_accepted_in_one_click_from_home(self, dealer, fulfilment):
        page = read(dealer.get(reverse("dealer-home")))
        accept = reverse("dealer-home-move", args=[fulfilment.pk, "accept"])
        assert f'action="{accept}"' in page

        dealer.post(accept)

        fulfilment.refresh_from_db()
        assert fulfilment.status == orders.FulfilmentStatus.IN_TRANSIT

    def test_what_waits_has_its_clock_and_says_what_happens_then(self, dealer, fulfilment, ask):
        lead = ask()
        leads.Lead.objects.filter(pk=lead.pk).update(due_at=timezone.now() - timedelta(hours=1))

        page = read(dealer.get(reverse("dealer-home")))

        assert "After that headquarters is told: the buyer chose your store." in page
        assert "was due" in page
        assert "After that it goes to the next seller." in page
        assert "13912345678" not in page

    def test_a_quiet_day_says_so(self, dealer):
        assert "Every order is answered." in read(dealer.get(reverse("dealer-home")))


class TestOrders:
    def test_the_list_and_the_page_show_the_order(self, dealer, fulfilment):
        number = fulfilment.order.number

        assert number in read(dealer.get(reverse("dealer-orders")))
        assert number in read(dealer.get(reverse("dealer-orders"), {"show": "accept"}))
        assert number not in read(dealer.get(reverse("dealer-orders"), {"show": "done"}))
        assert number in read(dealer.get(reverse("dealer-orders"), {"q": number[:6]}))
        page = read(dealer.get(reverse("dealer-order", args=[fulfilment.pk])))
        assert "138****8000" in page
        assert "13800138000" not in page

    def test_a_number_is_shown_with_a_reason_and_written_down(self, dealer, fulfilment):
        address = reverse("dealer-order-reveal", args=[fulfilment.pk])

        dealer.post(address, {"reason": " "})
        assert not orders.RecipientReveal.objects.exists()
        page = read(dealer.post(address, {"reason": "约交车时间"}))

        assert "13800138000" in page
        assert orders.RecipientReveal.objects.get().reason == "约交车时间"

    def test_a_decline_needs_a_reason(self, dealer, fulfilment):
        move = reverse("dealer-home-move", args=[fulfilment.pk, "reject"])

        assert "Please give a reason." in read(dealer.post(move, {"reason": ""}, follow=True))

        fulfilment.refresh_from_db()
        assert fulfilment.attention == ""

    def test_a_car_s_vin_is_compared_when_it_arrives(self, dealer, fulfilment):
        page = reverse("dealer-order", args=[fulfilment.pk])
        move = reverse("dealer-home-move", args=[fulfilment.pk, "arrive"])
        dealer.post(reverse("dealer-home-move", args=[fulfilment.pk, "accept"]))
        assert 'name="vin"' in read(dealer.get(page))

        refused = read(dealer.post(move, {"vin": "LSVAA49J132047371", "next": page}, follow=True))
        assert "does not belong to this order" in refused
        dealer.post(move, {"vin": fulfilment.lines.get().vehicles.get().vin})

        fulfilment.refresh_from_db()
        assert fulfilment.status == orders.FulfilmentStatus.ARRIVED

    def test_done_orders_show_nobody(self, shop, dealer, fulfilment):
        keys = {"fulfilment_id": fulfilment.pk, "organization_id": shop.dealer.pk, "by": None, "now": shop.now}
        shop.walk_to_ready(fulfilment)
        orders.hand_over(**keys, code=shop.code_of(fulfilment))

        page = read(dealer.get(reverse("dealer-order", args=[fulfilment.pk])))

        assert "138****8000" not in page
        assert "no longer shown" in page


class TestInspection:
    @pytest.fixture
    def inspection(self, shop, dealer, fulfilment):
        """A car at the store, its inspection begun by a press of the button."""
        for name in ("accept", "arrive"):
            dealer.post(reverse("dealer-home-move", args=[fulfilment.pk, name]))
        dealer.post(reverse("dealer-inspect", args=[fulfilment.pk]))
        return orders.Inspection.objects.get()

    def values(self, inspection, **changes):
        found = {}
        for item in inspection.items.all():
            found[f"result-{item.code}"] = "ok"
            if item.needs_photo:
                found[f"photo-{item.code}"] = picture()
        return {**found, **changes}

    def test_a_car_is_inspected_and_signed_on_one_page(self, dealer, inspection, fulfilment):
        address = reverse("dealer-inspection", args=[inspection.pk])
        drawn = (
            "data:image/png;base64,"
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
        )

        answer = dealer.post(address, self.values(inspection, name="李工", drawn=drawn, sign="1"))

        assert answer.url == reverse("dealer-order", args=[fulfilment.pk])
        fulfilment.refresh_from_db()
        inspection.refresh_from_db()
        assert fulfilment.status == orders.FulfilmentStatus.PDI_PASSED
        assert inspection.signature is not None
        assert "/files/" in read(dealer.get(address))

    def test_a_fault_without_repair_keeps_what_was_typed(self, dealer, inspection, fulfilment):
        address = reverse("dealer-inspection", args=[inspection.pk])
        fault = {"result-paint": "fault", "note-paint": "左前门划痕"}

        answer = dealer.post(address, self.values(inspection, name="李工", sign="1", **fault))

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "fault not repaired" in page
        assert "左前门划痕" in page
        fulfilment.refresh_from_db()
        assert fulfilment.status == orders.FulfilmentStatus.ARRIVED

    @pytest.mark.parametrize(
        "drawn",
        ["scribble", "data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,%%%", "data:image/png;base64,AAAA"],
    )
    def test_a_signature_of_garbage_signs_nothing(self, dealer, inspection, fulfilment, drawn):
        address = reverse("dealer-inspection", args=[inspection.pk])

        answer = dealer.post(address, self.values(inspection, name="李工", drawn=drawn, sign="1"))

        assert answer.status_code == 422
        inspection.refresh_from_db()
        fulfilment.refresh_from_db()
        assert (inspection.status, inspection.signed_name, inspection.signature) == ("OPEN", "", None)
        assert fulfilment.status == orders.FulfilmentStatus.ARRIVED

    @pytest.mark.parametrize("content", [b"%PDF-1.7 not a photo", b"<svg onload=alert(1)>", b""])
    def test_a_photo_that_is_none_is_refused_beside_its_item(self, dealer, inspection, content):
        address = reverse("dealer-inspection", args=[inspection.pk])
        item = inspection.items.filter(needs_photo=True).first()
        upload = SimpleUploadedFile("photo.png", content, "image/png")

        answer = dealer.post(address, {f"result-{item.code}": "ok", f"photo-{item.code}": upload})

        assert not item.photos.exists()
        if content:
            assert answer.status_code == 422
            assert f'href="#item-{item.code}"' in answer.content.decode()

    def test_half_an_inspection_is_kept(self, dealer, inspection):
        address = reverse("dealer-inspection", args=[inspection.pk])

        dealer.post(address, {"result-keys": "ok"})

        assert inspection.items.get(code="keys").result == "ok"
        assert inspection.items.filter(result="").exists()

    def test_nobody_passes_a_car_by_pressing_a_button(self, dealer, inspection, fulfilment):
        assert dealer.post(reverse("dealer-home-move", args=[fulfilment.pk, "pdi"])).status_code == 404

        fulfilment.refresh_from_db()
        assert fulfilment.status == orders.FulfilmentStatus.ARRIVED


class TestLeads:
    def test_a_lead_is_followed_up_and_won(self, dealer, ask):
        lead = ask()
        page = reverse("dealer-lead", args=[lead.pk])
        assert "139****5678" in read(dealer.get(page))

        dealer.post(
            reverse("dealer-lead-act", args=[lead.pk, "follow-up"]),
            {"f-kind": "CALL_REACHED", "f-note": "周六试驾", "f-next_step": "确认试驾", "f-next_at": ""},
        )
        dealer.post(reverse("dealer-lead-act", args=[lead.pk, "win"]))

        lead.refresh_from_db()
        assert lead.status == leads.LeadStatus.WON
        closed = read(dealer.get(page))
        assert "林晚晴" not in closed
        assert "周六试驾" in closed
        assert lead.interest_en in read(dealer.get(reverse("dealer-leads"), {"show": "closed"}))

    def test_a_bad_entry_stays_on_the_page(self, dealer, ask):
        lead = ask()

        answer = dealer.post(
            reverse("dealer-lead-act", args=[lead.pk, "follow-up"]), {"f-kind": "", "f-note": "随便写的"}
        )

        assert answer.status_code == 422
        assert "随便写的" in answer.content.decode()
        assert not leads.FollowUp.objects.exists()

    def test_a_number_is_shown_once_and_written_down(self, dealer, ask):
        lead = ask()

        page = read(dealer.post(reverse("dealer-lead-act", args=[lead.pk, "reveal"]), {"reason": "回电"}))

        assert "13912345678" in page
        assert leads.ContactReveal.objects.get().reason == "回电"
        assert "13912345678" not in read(dealer.get(reverse("dealer-lead", args=[lead.pk])))

    def test_a_walk_in_is_written_down(self, shop, dealer):
        product = shop.car()
        values = {
            "source": "WALK_IN",
            "store": shop.store.pk,
            "name": "周先生",
            "phone": "13711112222",
            "trim": product.pk,
        }

        refused = dealer.post(reverse("dealer-lead-new"), values)
        assert refused.status_code == 422
        assert not leads.Lead.objects.exists()
        dealer.post(reverse("dealer-lead-new"), {**values, "consent": "on"})

        assert leads.Lead.objects.get().source == leads.LeadSource.WALK_IN

    def test_the_manager_says_who_takes_leads_and_a_clerk_does_not(self, shop, dealer, manager):
        seller = make_member(Role.DEALER_CLERK, shop.dealer)
        values = {"store": shop.store.pk, "seller": [seller.pk]}

        assert dealer.post(reverse("dealer-sellers"), values).status_code == 403
        assert leads.list_sellers(shop.store) != [seller]
        manager.post(reverse("dealer-sellers"), values)

        assert leads.list_sellers(shop.store) == [seller]

    def test_acts_that_do_not_exist_are_not_found(self, dealer, ask):
        assert dealer.post(reverse("dealer-lead-act", args=[ask().pk, "burn"])).status_code == 404


class TestStockAndCustomers:
    def test_own_cars_are_listed_by_age(self, shop, dealer):
        site = shop.store.site
        product = shop.car()
        ages = {0: 5, 1: 45, 2: 75, 3: 120}
        for days in ages.values():
            Unit.objects.create(
                vin=make_vin(),
                product=product,
                site=site,
                status="AT_DEALER",
                received_at=timezone.now() - timedelta(days=days),
            )

        page = read(dealer.get(reverse("dealer-stock")))
        old = read(dealer.get(reverse("dealer-stock"), {"band": "3"}))

        assert all(f'age--{band}">{days}<' in page for band, days in ages.items())
        assert 'age--3">120<' in old
        assert 'age--0"' not in old
        assert "Cars that stand for long" in read(dealer.get(reverse("dealer-home")))

    def test_nobody_sees_another_s_cars(self, shop, stranger):
        unit = Unit.objects.create(
            vin=make_vin(), product=shop.car(), site=shop.store.site, status="AT_DEALER", received_at=timezone.now()
        )

        assert unit.vin not in read(stranger.get(reverse("dealer-stock")))

    def test_customers_are_there_while_something_is_open(self, dealer, fulfilment, ask, shop):
        ask(phone="13800138000", name="王小明")
        lead = ask()

        page = read(dealer.get(reverse("dealer-customers")))
        assert page.count("138****8000") == 1
        assert "林晚晴" in page

        leads.lose_lead(
            lead_id=lead.pk,
            organization_id=shop.dealer.pk,
            lost_reason="PRICE",
            by=make_member(Role.DEALER_CLERK, shop.dealer),
            now=timezone.now(),
        )
        assert "林晚晴" not in read(dealer.get(reverse("dealer-customers")))

    def test_parts_are_listed(self, shop, dealer):
        part = shop.part(site=shop.store.site, stock=7)

        assert part.info.title_en in read(dealer.get(reverse("dealer-parts")))


class TestPapers:
    @pytest.fixture
    def quote(self, shop, manager):
        built = configure(product_id=shop.car().pk, option_codes=[], by=None, now=timezone.now())
        return leads.issue_quote(
            organization_id=shop.dealer.pk,
            store_id=shop.store.pk,
            configuration_id=built.pk,
            customer_name="王小明",
            by=make_member(Role.DEALER_CLERK, shop.dealer),
            now=timezone.now(),
        )

    @pytest.mark.parametrize("language", ["zh-hans", "en", "tlh"])
    def test_a_quote_is_a_pdf(self, dealer, quote, language):
        answer = dealer.get(reverse("dealer-quote-paper", args=[quote.number]), {"lang": language})

        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert answer["Cache-Control"].startswith("no-store")

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_an_order_is_a_pdf(self, dealer, fulfilment, language):
        answer = dealer.get(reverse("dealer-order-paper", args=[fulfilment.pk]), {"lang": language})

        assert answer.content.startswith(b"%PDF-")

    def test_without_pango_the_reader_is_told(self, dealer, quote, monkeypatch):
        def missing(*_args, **_values):
            raise papers.PrinterMissing

        monkeypatch.setattr(papers, "render_pdf", missing)

        page = read(dealer.get(reverse("dealer-quote-paper", args=[quote.number]), follow=True))

        assert "PDFs cannot be made on this server" in page

    def test_a_quote_is_written_for_a_standard_car(self, shop, dealer):
        values = {"store": shop.store.pk, "trim": shop.car().pk, "customer_name": "王小明", "valid_days": "7"}

        page = read(dealer.post(reverse("dealer-quote-new"), values, follow=True))

        assert leads.Quote.objects.get().number in page

    def test_the_page_of_a_quote_says_why_it_costs_that(self, dealer, quote):
        page = read(dealer.get(reverse("dealer-quote", args=[quote.number])))

        assert "Why this price" in page
        assert "the same, to the cent" in page
        assert "王小明" in page

    def test_a_price_below_what_the_level_allows_is_refused_beside_its_field(self, shop, dealer):
        values = {"store": shop.store.pk, "trim": shop.car().pk, "valid_days": "7", "offered": "100000"}

        answer = dealer.post(reverse("dealer-quote-new"), values)

        assert answer.status_code == 422
        assert "The lowest price your level allows is ¥169,900.00." in answer.content.decode()
        assert not leads.Quote.objects.exists()

    def test_a_customer_s_name_goes_when_the_lead_is_closed(self, shop, dealer, ask):
        lead = ask()
        values = {"store": shop.store.pk, "trim": shop.car().pk, "valid_days": "7", "lead": lead.pk}
        dealer.post(reverse("dealer-quote-new"), values)
        page = reverse("dealer-quote", args=[leads.Quote.objects.get().number])
        assert "林晚晴" in read(dealer.get(page))

        dealer.post(reverse("dealer-lead-act", args=[lead.pk, "lose"]), {"l-lost_reason": "PRICE"})

        assert "林晚晴" not in read(dealer.get(page))
        assert "林晚晴" not in read(dealer.get(reverse("dealer-quotes")))

    @pytest.mark.parametrize(
        "changes",
        [
            {"valid_days": "0"},
            {"valid_days": "x"},
            {"trim": ""},
            {"link": "https://x/?trim=no"},
            {"store": "0"},
            {"offered": "x"},
            {"offered": "0"},
            {"offered": "1.001"},
        ],
    )
    def test_a_bad_quote_is_refused(self, shop, dealer, changes):
        values = {"store": shop.store.pk, "trim": shop.car().pk, "valid_days": "7", **changes}

        assert dealer.post(reverse("dealer-quote-new"), values).status_code == 422
        assert not leads.Quote.objects.exists()


def test_another_dealer_finds_nothing(shop, stranger, dealer, fulfilment, ask):
    lead = ask()
    gone = [
        reverse("dealer-order", args=[fulfilment.pk]),
        reverse("dealer-order-paper", args=[fulfilment.pk]),
        reverse("dealer-lead", args=[lead.pk]),
        reverse("dealer-lead", args=[2**62]),
        f"{reverse('dealer-quote-new')}?lead={lead.pk}",
        reverse("dealer-quote", args=["Q260610-000000"]),
        reverse("dealer-quote-paper", args=["Q260610-000000"]),
        reverse("dealer-inspection", args=[1]),
    ]
    posts = [
        reverse("dealer-order-reveal", args=[fulfilment.pk]),
        reverse("dealer-inspect", args=[fulfilment.pk]),
        *(reverse("dealer-lead-act", args=[lead.pk, name]) for name in ("follow-up", "win", "reveal", "merge")),
    ]

    assert [stranger.get(address).status_code for address in gone] == [404] * len(gone)
    assert [stranger.post(address, {"reason": "x", "into": "1"}).status_code for address in posts] == [404] * len(posts)
    assert lead.interest_en not in read(stranger.get(reverse("dealer-leads")))
    assert fulfilment.order.number not in read(stranger.get(reverse("dealer-orders")))


@pytest.mark.parametrize(
    "name",
    [
        "dealer-home",
        "dealer-orders",
        "dealer-leads",
        "dealer-stock",
        "dealer-parts",
        "dealer-customers",
        "dealer-quotes",
    ],
)
def test_every_page_works_empty_and_only_for_dealers(dealer, sign_in, name):
    assert dealer.get(reverse(name)).status_code == 200
    assert sign_in(Role.SUPPLIER).get(reverse(name)).status_code == 403
