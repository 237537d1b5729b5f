"""What every table of the back office can do: saved views, columns, export, actions row by row, history."""

import io
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from apps.accounts.api import Role
from apps.kernel.api import StatusChange
from apps.portals.staff.errors import RoleNotYours, TooManyViews, ViewNameInvalid, ViewNotFound, ViewTooLong
from apps.portals.staff.house.dressing import Colors
from apps.portals.staff.house.exports import safe_cell
from apps.portals.staff.models import SavedView
from apps.portals.staff.services import MOST_VIEWS, delete_view, save_view
from apps.portals.staff.timeline import list_history
from apps.suppliers.api import Supplier, suspend_supplier
from tests.factories.accounts import make_member
from tests.factories.dealers import make_dealer, make_supplier

SUPPLIERS = "suppliers.supplier"
LIST = "admin:suppliers_supplier_changelist"


@pytest.fixture
def hq(shop, sign_in):
    return sign_in(Role.HQ_OPERATOR)


@pytest.fixture
def person(db):
    return make_member(Role.HQ_OPERATOR)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_label_has_its_color_in_every_language_and_one_without_is_gray(language):
    with translation.override("zh-hans"):
        colors = Colors({gettext_lazy("Approved"): "success", "WAITING": "warning"})
    with translation.override(language):
        assert str(gettext_lazy("Approved")) in colors
        assert colors[str(gettext_lazy("Approved"))] == "success"
        assert (colors["WAITING"], colors["INVITED"]) == ("warning", "default")
    assert "INVITED" not in colors


@pytest.mark.parametrize(("language", "words"), [("zh-hans", ["已邀请", "机构"]), ("en", ["Invited", "Organization"])])
def test_words_of_statuses_and_names_that_django_made_are_translated(hq, language, words):
    supplier = make_supplier()
    make_dealer(status="INVITED")
    listed = hq.get("/admin/dealers/dealer/", headers={"accept-language": language}).content.decode()
    page = hq.get(f"/admin/suppliers/supplier/{supplier.pk}/change/", headers={"accept-language": language})
    assert words[0] in listed
    assert ">INVITED<" not in listed.replace(" ", "").replace("\n", "")
    assert words[1] in page.content.decode()


def test_what_an_app_puts_above_its_list_stands_above_the_houses_bar(hq):
    page = hq.get("/admin/catalog/pricelist/").content.decode()
    assert page.index("/admin/catalog/pricelist/why/") < page.index('id="views-bar"')
    assert "/admin/kernel/importrun/add/?kind=price_lists" in page


def keep(person, name="Mine", query="status__exact=APPROVED", **values):
    return save_view(
        **{
            "table": SUPPLIERS,
            "name": name,
            "query": query,
            "shared_with": "",
            "roles": ["hq_operator"],
            "by": person,
            "now": timezone.now(),
            **values,
        }
    )


# Saved views


def test_a_view_keeps_filters_order_and_columns_but_not_the_page(hq):
    query = "status__exact=APPROVED&o=-2&_columns=code,score&p=3"
    hq.post(reverse("admin:suppliers_supplier_view_save"), {"name": "Sellers", "query": query})

    view = SavedView.objects.get()
    page = hq.get(f"{reverse(LIST)}?{view.query}")
    assert view.query == "status__exact=APPROVED&o=-2&_columns=code%2Cscore"
    assert page.status_code == 200
    assert page.context["cl"].list_display == ["action_checkbox", "code", "score"]
    assert "Sellers" in page.content.decode()


def test_a_shared_view_is_seen_by_the_role_and_changed_by_its_owner_alone(hq, sign_in, person):
    shared = keep(person, "Ours", shared_with="hq_operator")
    keep(person, "Private")
    page = hq.get(reverse(LIST)).content.decode()
    assert "Ours" in page
    assert "Private" not in page
    assert "Ours" not in sign_in(Role.HQ_AUDITOR).get(reverse(LIST)).content.decode()

    hq.post(reverse("admin:suppliers_supplier_view_delete"), {"view": shared.pk})
    assert SavedView.objects.filter(pk=shared.pk).exists()
    with pytest.raises(ViewNotFound):
        delete_view(view_id=shared.pk, table="catalog.offer", by=person)
    delete_view(view_id=shared.pk, table=SUPPLIERS, by=person)
    assert not SavedView.objects.filter(pk=shared.pk).exists()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": " "}, ViewNameInvalid),
        ({"name": "x" * 61}, ViewNameInvalid),
        ({"query": "q=" + "x" * 1001}, ViewTooLong),
        ({"shared_with": "hq_auditor"}, RoleNotYours),
        ({"shared_with": "consumer"}, RoleNotYours),
    ],
)
def test_a_view_that_cannot_be_kept_is_refused(person, values, error):
    with pytest.raises(error):
        keep(person, **values)

    assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_there_is_an_end(person):
    for number in range(MOST_VIEWS):
        keep(person, f"View {number}")
    keep(person, "View 0", "q=new")
    assert SavedView.objects.get(name="View 0").query == "q=new"
    with pytest.raises(TooManyViews):
        keep(person, "One more")
    assert SavedView.objects.count() == MOST_VIEWS


def test_unknown_and_hidden_columns_are_not_shown(hq):
    page = hq.get(reverse("admin:accounts_user_changelist") + "?_columns=password,phone,phone_index,no_such,email")
    assert page.context["cl"].list_display == ["action_checkbox", "email"]

    nothing = hq.get(reverse("admin:accounts_user_changelist") + "?_columns=password")
    assert "password" not in nothing.context["cl"].list_display
    assert len(nothing.context["cl"].list_display) > 2


def test_ticked_columns_become_one_parameter_that_links_keep(hq):
    answer = hq.get(reverse(LIST) + "?_columns=code&_columns=score&q=a")

    assert answer.status_code == 302
    assert answer.url == f"{reverse(LIST)}?{urlencode({'_columns': 'code,score', 'q': 'a'})}"


# Export


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_what_the_list_shows_and_no_formula(hq, kind):
    Supplier.objects.update(name_en='=HYPERLINK("http://evil.example")')
    make_supplier()
    url = reverse("admin:suppliers_supplier_export")
    answer = hq.get(f"{url}?_columns=name_en,code&_format={kind}&q={Supplier.objects.first().code}")

    if kind == "csv":
        rows = answer.content.decode("utf-8-sig").splitlines()
        assert rows[0] == "Name in english,Code"
        assert len(rows) == 2
        assert rows[1].lstrip('"').startswith("'=HYPERLINK")
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == 2
        assert rows[1][0].startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+861234", "'+861234"),
        ("@x", "'@x"),
        ("-1.5", "-1.5"),
        ("-x", "'-x"),
        ("\tx", "'\tx"),
        ("plain", "plain"),
        (None, ""),
        (5, 5),
    ],
)
def test_no_cell_is_a_formula(value, cell):
    assert safe_cell(value) == cell


def test_who_may_not_see_a_table_does_not_export_it(shop, sign_in):
    assert sign_in(Role.DEALER_MANAGER).get(reverse("admin:suppliers_supplier_export")).status_code in (302, 403)
    auditor = sign_in(Role.HQ_AUDITOR).get(reverse("admin:suppliers_supplier_export") + "?_format=csv")
    assert auditor.status_code == 200


# Actions


def act(client, rows, **values):
    body = {"action": "suspend", "index": "0", "select_across": "0", "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(LIST), {**body, **values})


def test_an_action_asks_first_and_changes_nothing(hq, shop):
    supplier = shop.supplier.supplier

    page = act(hq, [supplier])

    assert page.status_code == 200
    assert str(supplier) in page.content.decode()
    assert "confirm-action" in page.content.decode()
    supplier.refresh_from_db()
    assert supplier.status == "APPROVED"


def test_a_confirmed_action_answers_row_by_row(hq, shop):
    good, bad = shop.supplier.supplier, make_supplier()
    suspend_supplier(organization_id=bad.organization_id, reason="x", by=None, now=timezone.now())

    page = act(hq, [good, bad], confirmed="1")

    assert {outcome.is_done for outcome in page.context["outcomes"]} == {True, False}
    assert (page.context["done"], page.context["refused"]) == (1, 1)
    good.refresh_from_db()
    assert good.status == "SUSPENDED"
    assert StatusChange.objects.filter(move="suspend").count() == 2


def test_an_auditor_runs_no_action(shop, sign_in):
    supplier = shop.supplier.supplier

    act(sign_in(Role.HQ_AUDITOR), [supplier], confirmed="1")

    supplier.refresh_from_db()
    assert supplier.status == "APPROVED"


# History


@pytest.mark.machine_clock
def test_the_history_tells_who_did_what_with_old_and_new_values(hq, shop, person):
    supplier = shop.supplier.supplier
    suspend_supplier(organization_id=supplier.organization_id, reason="Late papers", by=person, now=timezone.now())
    Supplier.objects.filter(pk=supplier.pk).update(score=12)

    entries = list_history(supplier)
    text = hq.get(reverse("admin:suppliers_supplier_history", args=[supplier.pk])).content.decode()

    newest, move = entries[0], next(entry for entry in entries if entry.kind == "move")
    assert [(change.old, change.new) for change in newest.changes] == [(newest.changes[0].old, "12.00")]
    assert (move.who, move.reason) == (str(person), "Late papers")
    assert sum("SUSPENDED" in str(entry.changes) for entry in entries) == 0
    assert "Late papers" in text
    assert "12.00" in text


def test_personal_fields_stay_hidden_in_the_history(hq, person):
    person.display_name = "Somebody Else"
    person.save()

    text = hq.get(reverse("admin:accounts_user_history", args=[person.pk])).content.decode()

    assert "(hidden)" in text
    shown = [value for entry in list_history(person) for change in entry.changes for value in (change.old, change.new)]
    assert shown
    assert not [value for value in shown if "@" in value or "Somebody Else" in value]


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.SUPPLIER])
def test_nobody_else_reads_a_history(shop, sign_in, role):
    url = reverse("admin:suppliers_supplier_history", args=[shop.supplier.supplier.pk])
    assert sign_in(role).get(url).status_code in (302, 403)


def test_the_history_costs_a_constant_number_of_queries(shop, django_assert_max_num_queries):
    order = shop.placed(shop.part(), shop.car(), method="pickup")

    with django_assert_max_num_queries(12):
        assert list_history(order)


# Import


def upload(client, text: str):
    """The dry run of a table."""
    file = SimpleUploadedFile("table.csv", text.encode(), content_type="text/csv")
    return client.post(reverse("admin:suppliers_supplier_import"), {"import_file": file, "format": "0"})


def test_an_import_shows_differences_first_and_writes_after_the_second_click(hq, shop):
    supplier = shop.supplier.supplier

    page = upload(hq, f"code,score\n{supplier.code},77.5\n")

    assert page.status_code == 200
    assert "77.5" in page.content.decode()
    supplier.refresh_from_db()
    assert supplier.score != 77.5
    confirm = page.context["confirm_form"]
    done = hq.post(reverse("admin:suppliers_supplier_process_import"), confirm.initial)
    assert done.status_code == 302
    supplier.refresh_from_db()
    assert supplier.score == 77.5
    assert list_history(supplier)[0].changes[0].new == "77.50"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{code},101", "100"),
        ("{code},abc", "score"),
        ("{code},=1+1", "formula"),
        ("NOBODY,50", "no such supplier"),
    ],
)
def test_a_wrong_row_stops_the_whole_import(hq, shop, row, words):
    supplier = shop.supplier.supplier
    before = supplier.score

    page = upload(hq, "code,score\n" + row.format(code=supplier.code) + "\n")

    assert words.lower() in page.content.decode().lower()
    assert page.context.get("confirm_form") is None
    supplier.refresh_from_db()
    assert supplier.score == before


def test_unknown_columns_and_other_people_are_refused(hq, shop, sign_in):
    assert "status" in upload(hq, f"code,status\n{shop.supplier.supplier.code},APPROVED\n").content.decode()
    assert upload(sign_in(Role.HQ_AUDITOR), "code,score\nx,1\n").status_code == 403


# Ctrl-K


def test_ctrl_k_finds_pages_and_objects_that_the_person_may_see(hq, shop):
    order = shop.order(shop.part())
    url = reverse("admin:search")

    found = hq.get(url, {"s": order.order_number[:6], "extended": "1"}).content.decode()
    assert order.order_number in found
    pages = hq.get(url, {"s": "stock lev", "extended": "1"}).content.decode()
    assert reverse("admin:inventory_stocklevel_changelist") in pages
    assert order.order_number not in hq.get(url, {"s": "x", "extended": "1"}).content.decode()


def test_ctrl_k_is_closed_to_others(shop, sign_in):
    assert sign_in(Role.DEALER_MANAGER).get(reverse("admin:search"), {"s": "ab"}).status_code in (302, 403)
