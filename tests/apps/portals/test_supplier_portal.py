"""The supplier's pages: to-do list, orders with their papers, offers, tables, messages, scorecard."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.api import Role
from apps.inventory.api import StockLevel
from apps.kernel.api import ImportRun, RefusedAttempt, imports, outbox
from apps.notifications.api import answer_organization, count_unread, list_thread
from apps.orders.api import Fulfilment, FulfilmentStatus
from tests.apps.inventory.stock_files import as_xlsx
from tests.factories.dealers import make_supplier


@pytest.fixture
def manager(shop, sign_in):
    """A manager of the supplier."""
    return sign_in(Role.SUPPLIER, shop.supplier)


@pytest.fixture
def clerk(shop, sign_in):
    """A clerk of the supplier."""
    return sign_in(Role.SUPPLIER_CLERK, shop.supplier)


@pytest.fixture
def stranger(shop, sign_in):
    """A manager of another supplier."""
    return sign_in(Role.SUPPLIER, make_supplier().organization)


@pytest.fixture
def part(shop):
    """A part of the supplier, ten on its shelf."""
    return shop.part(price="120.00", stock=10)


@pytest.fixture
def order(shop, part):
    """Four pieces of it, paid."""
    return shop.placed((part, 4))


@pytest.fixture
def fulfilment(order):
    """What the supplier has to ship of it."""
    return order.fulfilments.get()


def sku_of(product) -> str:
    """The SKU of the product's only offer."""
    return product.stockrecords.get().partner_sku


def text_of(answer) -> str:
    """The words of a page."""
    return answer.content.decode()


def test_the_home_lists_what_waits_and_accepts_with_one_click(manager, fulfilment, order):
    page = text_of(manager.get(reverse("supplier-home")))
    assert order.number in page
    accept = reverse("supplier-home-move", args=[fulfilment.pk, "accept"])
    assert f'action="{accept}"' in page

    page = text_of(manager.post(accept, follow=True))

    fulfilment.refresh_from_db()
    assert fulfilment.status == FulfilmentStatus.PICKED
    assert "Orders to ship" in page


def test_the_home_names_what_runs_out(manager, shop):
    shop.part(stock=2)

    assert "2 left" in text_of(manager.get(reverse("supplier-home")))


@pytest.mark.parametrize("tab", ["waiting", "ship", "sent", "done", "nonsense"])
def test_each_tab_shows_its_own(manager, fulfilment, order, tab):
    page = text_of(manager.get(reverse("supplier-orders"), {"tab": tab}))

    assert (order.number in page) == (tab in ("waiting", "nonsense"))


def test_an_order_is_found_by_its_number(manager, order, fulfilment):
    assert order.number in text_of(manager.get(reverse("supplier-orders"), {"q": order.number[3:9]}))
    assert "No such order" in text_of(manager.get(reverse("supplier-orders"), {"q": "zzz"}))


def test_an_order_is_walked_on_its_page_back_to_its_page(manager, fulfilment):
    page = reverse("supplier-order", args=[fulfilment.pk])
    move = lambda name: reverse("supplier-home-move", args=[fulfilment.pk, name])  # noqa: E731

    assert manager.post(move("accept"), {"next": page}).url == page
    assert manager.post(
        move("ship"), {"next": "https://evil.example/", "carrier": "SF", "tracking_number": "1"}
    ).url == (reverse("supplier-home"))

    fulfilment.refresh_from_db()
    assert fulfilment.status == FulfilmentStatus.SHIPPED


def test_a_part_is_accepted_and_the_page_says_what_became_of_the_rest(manager, order, fulfilment, shop):
    item = order.items.get()
    answer = manager.post(
        reverse("supplier-order-part", args=[fulfilment.pk]),
        {f"take-{item.pk}": "3", "reason": "one is broken"},
        follow=True,
    )

    assert "the buyer gets ¥" in text_of(answer)
    assert sorted(one.status for one in order.fulfilments.all()) == ["CANCELLED", "PICKED"]


@pytest.mark.parametrize(
    "values",
    [{"take": "4", "reason": "x"}, {"take": "x", "reason": "x"}, {"take": "-1", "reason": "x"}, {"take": "3"}, {}],
)
def test_a_part_that_is_none_is_refused_with_the_inputs_kept(manager, order, fulfilment, values):
    item = order.items.get()
    data = {f"take-{item.pk}": values.get("take", ""), "reason": values.get("reason", "")}

    answer = manager.post(reverse("supplier-order-part", args=[fulfilment.pk]), data)

    assert answer.status_code == 422
    assert f'value="{values.get("take", "")}"' in text_of(answer)
    assert order.fulfilments.count() == 1


@pytest.mark.parametrize("route", ["supplier-order-label", "supplier-order-packing-list"])
def test_papers_are_there_once_the_order_is_accepted(manager, fulfilment, route):
    address = reverse(route, args=[fulfilment.pk])
    assert manager.get(address).status_code == 404
    manager.post(reverse("supplier-home-move", args=[fulfilment.pk, "accept"]))

    paper = manager.get(address)

    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")


PAGES_OF_AN_ORDER = ["supplier-order", "supplier-order-label", "supplier-order-packing-list"]


@pytest.mark.parametrize("route", PAGES_OF_AN_ORDER)
def test_an_order_of_somebody_else_reads_like_none(stranger, fulfilment, route):
    foreign = stranger.get(reverse(route, args=[fulfilment.pk]))
    absent = stranger.get(reverse(route, args=[fulfilment.pk + 9999]))

    assert (foreign.status_code, absent.status_code) == (404, 404)


def test_an_offer_shows_price_and_shelves_and_a_manager_changes_its_terms(manager, part, shop):
    address = reverse("supplier-offer", args=[sku_of(part)])
    assert sku_of(part) in text_of(manager.get(reverse("supplier-offers"), {"q": sku_of(part)[:5]}))
    assert 'value="120.00"' in text_of(manager.get(address))

    change = reverse("supplier-offer-terms", args=[sku_of(part)])
    answer = manager.post(change, {"price": "118.50", "lead_time_days": "4", "site": shop.warehouse.code}, follow=True)

    assert "The offer is changed." in text_of(answer)
    record = part.stockrecords.get()
    assert (str(record.price), record.offer_info.lead_time_days) == ("118.50", 4)


@pytest.mark.parametrize(
    "field, value",
    [
        ("price", "0"),
        ("price", "free"),
        ("price", "1.001"),
        ("lead_time_days", "-1"),
        ("lead_time_days", "366"),
        ("site", "x"),
    ],
)
def test_bad_terms_are_refused_by_name_with_the_inputs_kept(manager, part, shop, field, value):
    terms = {"price": "118.50", "lead_time_days": "4", "site": shop.warehouse.code, field: value}

    answer = manager.post(reverse("supplier-offer-terms", args=[sku_of(part)]), terms)

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in text_of(answer)
    assert str(part.stockrecords.get().price) == "120.00"
    refused = RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk)
    assert list(refused.context["fields"]) == [field]


def test_an_offer_below_zero_has_a_name_in_the_trail(manager, part, shop):
    terms = {"price": "-5", "lead_time_days": "4", "site": shop.warehouse.code}

    manager.post(reverse("supplier-offer-terms", args=[sku_of(part)]), terms)

    assert RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk).code == "invalid_price"


@pytest.mark.parametrize("field_value", [("on_hand", "-1"), ("on_hand", "many"), ("on_hand", "1000001")])
def test_a_bad_count_changes_nothing_and_is_noted(clerk, part, shop, field_value):
    address = reverse("supplier-offer-count", args=[sku_of(part), shop.warehouse.code])

    assert clerk.post(address, dict([field_value])).status_code == 422

    assert StockLevel.objects.get(product=part).on_hand == 10
    assert RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk).subject == "count"


def test_a_count_below_what_is_promised_is_noted_by_name(clerk, order, part, shop):
    address = reverse("supplier-offer-count", args=[sku_of(part), shop.warehouse.code])

    assert clerk.post(address, {"on_hand": "1"}).status_code == 409

    refused = RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk)
    assert (refused.code, refused.context) == ("stock_below_promised", {"promised": 4})
    assert StockLevel.objects.get(product=part).on_hand == 10


def test_a_clerk_counts_but_does_not_price(clerk, part, shop):
    address = reverse("supplier-offer", args=[sku_of(part)])
    assert 'name="price"' not in text_of(clerk.get(address))

    change = reverse("supplier-offer-terms", args=[sku_of(part)])
    refused = clerk.post(change, {"price": "1", "lead_time_days": "4", "site": shop.warehouse.code})
    counted = clerk.post(reverse("supplier-offer-count", args=[sku_of(part), shop.warehouse.code]), {"on_hand": "44"})

    assert (refused.status_code, counted.status_code) == (403, 302)
    assert str(part.stockrecords.get().price) == "120.00"
    assert StockLevel.objects.get(product=part).on_hand == 44
    assert clerk.post(reverse("supplier-offer-switch", args=[sku_of(part)])).status_code == 403


@pytest.mark.parametrize(("pieces", "status"), [("3", 409), ("-1", 422), ("1000001", 422), ("many", 422), ("", 422)])
def test_a_bad_count_is_refused_and_changes_nothing(manager, part, order, shop, pieces, status):
    answer = manager.post(
        reverse("supplier-offer-count", args=[sku_of(part), shop.warehouse.code]), {"on_hand": pieces}
    )

    assert answer.status_code == status
    assert StockLevel.objects.get(product=part).on_hand == 10


def test_an_offer_is_taken_off_sale_and_put_back(manager, part):
    address = reverse("supplier-offer-switch", args=[sku_of(part)])

    assert "off sale" in text_of(manager.post(address, follow=True))
    assert "on sale" in text_of(manager.post(address, {"on": "1"}, follow=True))


def test_offers_and_sites_of_somebody_else_read_like_none(stranger, manager, part, shop):
    assert stranger.get(reverse("supplier-offer", args=[sku_of(part)])).status_code == 404
    count = reverse("supplier-offer-count", args=[sku_of(part), shop.warehouse.code])
    assert stranger.post(count, {"on_hand": "1"}).status_code == 404
    elsewhere = reverse("supplier-offer-count", args=[sku_of(part), "elsewhere"])
    assert manager.post(elsewhere, {"on_hand": "1"}).status_code == 404
    assert stranger.post(reverse("supplier-offer-switch", args=[sku_of(part)])).status_code == 404


def upload(client, content: bytes, *, kind: str = "stock"):
    """Send a table."""
    file = SimpleUploadedFile("stock.xlsx", content)
    return client.post(reverse("supplier-imports"), {"kind": kind, "file": file})


def work(run: ImportRun, now) -> ImportRun:
    """What the worker does."""
    return imports.work(run_id=run.pk, clock=lambda: now)


def test_a_table_is_taken_checked_written_and_undone(manager, part, shop):
    content = as_xlsx([(sku_of(part), shop.warehouse.code, 7), ("NOT-MINE", shop.warehouse.code, 1)])
    answer = upload(manager, content)
    run = ImportRun.objects.get()
    assert answer.url == reverse("supplier-import", args=[run.pk])
    assert run.scope == imports.scope_of(shop.supplier.pk)
    work(run, shop.now)
    page = text_of(manager.get(answer.url))
    assert "You have no offer with the SKU NOT-MINE." in page
    assert "Write these rows" in page
    assert "stock.xlsx" in text_of(manager.get(reverse("supplier-home"))), "it waits on the to-do list"

    manager.post(reverse("supplier-import-move", args=[run.pk, "apply"]))
    work(run, shop.now)

    assert StockLevel.objects.get(product=part).on_hand == 7
    report = b"".join(manager.get(reverse("supplier-import-problems", args=[run.pk])).streaming_content).decode()
    assert "unknown_sku" in report
    manager.post(reverse("supplier-import-move", args=[run.pk, "undo"]))
    assert "hx-get" in text_of(manager.get(reverse("supplier-import-progress", args=[run.pk])))
    work(run, shop.now)
    assert StockLevel.objects.get(product=part).on_hand == 10


@pytest.mark.parametrize("kind", ["stock", "offers"])
def test_the_download_holds_todays_values_and_comes_back_without_a_change(manager, part, shop, kind):
    answer = manager.get(reverse("supplier-import-template", args=[kind]))

    upload(manager, answer.content, kind=kind)

    run = work(ImportRun.objects.get(), shop.now)
    assert run.counts["planned"] == {"UNCHANGED": 1}


def test_a_clerk_neither_downloads_nor_uploads_prices(clerk, part):
    assert clerk.get(reverse("supplier-import-template", args=["offers"])).status_code == 404
    assert upload(clerk, as_xlsx([("x", "y", 1)]), kind="offers").status_code == 422
    assert not ImportRun.objects.exists()
    assert RefusedAttempt.objects.get().subject == "table"


def test_a_table_that_is_too_large_is_named_and_noted_and_makes_no_run(manager, shop, monkeypatch):
    monkeypatch.setattr("apps.kernel.imports.requests.MOST_BYTES", 4)

    assert upload(manager, b"sku,site,on_hand").status_code == 422

    assert not ImportRun.objects.exists()
    refused = RefusedAttempt.objects.get()
    assert (refused.action, refused.code) == ("supplier_portal.upload_table", "import_file_too_large")


@pytest.mark.parametrize("name, content", [("empty.xlsx", b""), ("none", None)])
def test_no_file_is_no_import(manager, shop, name, content):
    data = {"kind": "stock"} | ({} if content is None else {"file": SimpleUploadedFile(name, content)})

    answer = manager.post(reverse("supplier-imports"), data)

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_an_import_of_somebody_else_reads_like_none(manager, stranger, part, shop):
    upload(manager, as_xlsx([(sku_of(part), shop.warehouse.code, 7)]))
    run = ImportRun.objects.get()

    for route in ("supplier-import", "supplier-import-progress", "supplier-import-problems"):
        assert stranger.get(reverse(route, args=[run.pk])).status_code == 404
    assert stranger.post(reverse("supplier-import-move", args=[run.pk, "apply"])).status_code == 404
    assert manager.post(reverse("supplier-import-move", args=[run.pk, "burn"])).status_code == 404
    assert manager.get(reverse("supplier-import-template", args=["parts"])).status_code == 404


def test_a_thread_with_headquarters_and_a_notice_of_each_order(manager, order, shop):
    address = reverse("supplier-messages")
    page = text_of(manager.get(address))
    assert f"New order {order.number}" in page

    answer = manager.post(address, {"text": "May we offer tires as well?"}, follow=True)
    answer_organization(organization_id=shop.supplier.pk, text="Yes, with their EU label.", by=None, now=shop.now)

    assert "Sent to headquarters." in text_of(answer)
    assert "with their EU label" in text_of(manager.get(address))
    assert manager.post(address, {"text": "  "}).status_code == 422
    assert len(list_thread(organization_id=shop.supplier.pk)) == 2


def test_the_bell_counts_what_was_not_read(manager, order, shop):
    reader = int(manager.session["_auth_user_id"])
    assert count_unread(organization_id=shop.supplier.pk, user_id=reader) == 1
    assert 'class="count"' in text_of(manager.get(reverse("supplier-home")))

    manager.get(reverse("supplier-messages"))

    assert count_unread(organization_id=shop.supplier.pk, user_id=reader) == 0


def test_the_scorecard_shows_both_windows(manager, order, fulfilment, shop):
    page = text_of(manager.get(reverse("supplier-scorecard")))

    assert "Fill rate" in page
    assert "Last 90 days" in page


def test_statements_are_for_managers_alone(manager, clerk):
    assert manager.get(reverse("supplier-statements")).status_code == 200
    assert clerk.get(reverse("supplier-statements")).status_code == 403
    assert reverse("supplier-statements") not in text_of(clerk.get(reverse("supplier-home")))


ROUTES = ["home", "orders", "offers", "imports", "messages", "scorecard", "returns", "statements"]


@pytest.mark.parametrize("route", ROUTES)
def test_other_roles_are_refused_and_nobody_is_sent_to_the_door(client, sign_in, shop, route):
    address = reverse(f"supplier-{route}")

    assert client.get(address).status_code == 302
    for role in (Role.CONSUMER, Role.DEALER_MANAGER, Role.HQ_OPERATOR):
        assert sign_in(role).get(address).status_code == 403


def test_a_new_order_and_its_cancellation_are_told_on_the_board(manager, order, fulfilment, shop):
    outbox.drain(now=shop.now, strict=True)

    page = text_of(manager.get(reverse("supplier-messages")))
    assert f"New order {order.number}" in page
    assert reverse("supplier-order", args=[fulfilment.pk]) in page


def test_the_scorecard_says_what_each_figure_is_made_of(manager, fulfilment, shop):
    accept = reverse("supplier-home-move", args=[fulfilment.pk, "accept"])
    manager.post(accept)
    fulfilment.refresh_from_db()
    Fulfilment.objects.filter(pk=fulfilment.pk).update(created_at=shop.now - timedelta(hours=1))

    assert "4 of 4 pieces" in text_of(manager.get(reverse("supplier-scorecard")))
