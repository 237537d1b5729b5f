"""New products of a supplier: proposed, turned down, proposed again, accepted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.accounts.api import Role
from apps.catalog.api import Offer, ProductProposal, ProposalStatus, accept_proposal, reject_proposal
from apps.kernel.api import RefusedAttempt, outbox
from apps.notifications.api import list_notices
from tests.factories.accounts import make_user
from tests.factories.catalog import make_brand, make_leaf_category, make_model, make_part, make_series
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
def car(db):
    """A model of our own brand."""
    make_brand()
    return make_model(series=make_series(code="WANGSHU"))


@pytest.fixture
def filled_in(shop, car):
    """What a manager fills in."""
    return {
        "title_zh": "空调滤芯 活性炭",
        "title_en": "Cabin filter, activated carbon",
        "category_code": make_leaf_category("FILTERS").code,
        "sku": "QY-CF-01",
        "summary_zh": "双层活性炭",
        "fits": "some",
        "cars": [f"WANGSHU/{car.code}"],
        "year_from": "2024",
        "year_to": "2026",
        "price": "88.00",
        "lead_time_days": "2",
        "minimum_quantity": "1",
        "sites": [shop.warehouse.code],
    }


def picture(name: str = "front.png") -> SimpleUploadedFile:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (32, 24), "navy").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def text_of(answer) -> str:
    """The words of a page."""
    return answer.content.decode()


def test_a_manager_proposes_a_product_with_pictures_and_cars(manager, shop, filled_in, car):
    page = text_of(manager.get(reverse("supplier-propose")))
    assert car.name_en in page

    answer = manager.post(reverse("supplier-propose"), {**filled_in, "pictures": [picture(), picture("back.png")]})

    proposal = ProductProposal.objects.get()
    assert answer.url == reverse("supplier-proposal", args=[proposal.pk])
    assert (proposal.organization, proposal.status) == (shop.supplier, ProposalStatus.WAITING)
    assert proposal.fitment == f"WANGSHU/{car.code}@2024-2026"
    assert proposal.pictures.count() == 2
    detail = text_of(manager.get(answer.url))
    assert "Headquarters are looking at it" in detail
    assert detail.count("<img") == 2
    assert proposal.sku in text_of(manager.get(reverse("supplier-proposals")))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title_zh", "", "required"),
        ("title_zh", "Cabin filter", "no Chinese"),
        ("summary_zh", "详询 13800138000", "No addresses, links or numbers"),
        ("price", "-5", "above zero"),
        ("price", "free", "above zero"),
        ("lead_time_days", "-1", "from 0 to 365"),
        ("minimum_quantity", "0", "from 1 to 999"),
        ("sku", "a/b", "hyphen and underscore only"),
        ("category_code", "nothing", "valid choice"),
        ("sites", ["foreign"], "valid choice"),
        ("cars", [], "Choose the cars"),
        ("year_from", "", "both years"),
        ("year_from", "2027", "first year"),
        ("more_cars", "WANGSHU/NONE", "no such series"),
    ],
)
def test_a_wrong_entry_is_named_keeps_the_others_and_proposes_nothing(manager, shop, filled_in, field, value, words):
    answer = manager.post(reverse("supplier-propose"), {**filled_in, field: value})

    page = text_of(answer)
    assert answer.status_code == 422
    assert words in page
    assert f'href="#id_{field}"' in page
    assert 'value="Cabin filter, activated carbon"' in page
    assert not ProductProposal.objects.exists()
    refused = RefusedAttempt.objects.get(asked__organization_id=shop.supplier.pk)
    assert (bool(refused.context["fields"]), refused.by_id is not None) == (True, True)


def test_a_sku_in_use_is_named(manager, filled_in):
    answer = manager.post(reverse("supplier-propose"), {**filled_in, "sku": make_part().upc})

    assert "in use already" in text_of(answer)
    assert not ProductProposal.objects.exists()


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n<script>", content_type="image/png"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml"),
        SimpleUploadedFile("a.png", b"", content_type="image/png"),
    ],
)
def test_a_file_that_is_no_picture_is_named_and_kept_nowhere(manager, filled_in, file):
    file.seek(0)
    answer = manager.post(reverse("supplier-propose"), {**filled_in, "pictures": [file]})

    assert answer.status_code == 422
    assert 'href="#id_pictures"' in text_of(answer)
    assert not ProductProposal.objects.exists()


@pytest.fixture
def turned_down(manager, filled_in):
    """A proposal with a picture that headquarters turned down."""
    manager.post(reverse("supplier-propose"), {**filled_in, "pictures": [picture()]})
    proposal = ProductProposal.objects.get()
    reject_proposal(proposal_id=proposal.pk, reason="请补充尺寸", by=make_user(), now=proposal.proposed_at)
    outbox.drain(now=proposal.proposed_at, strict=True)
    return proposal


def test_a_refusal_shows_its_reason_and_is_answered_as_it_was_filled_in(manager, shop, filled_in, turned_down):
    home = text_of(manager.get(reverse("supplier-home")))
    assert "New products turned down" in home
    again = reverse("supplier-propose-again", args=[turned_down.pk])
    assert again in home
    assert "请补充尺寸" in text_of(manager.get(reverse("supplier-proposal", args=[turned_down.pk])))
    notices = list_notices(organization_id=shop.supplier.pk, user_id=0)
    assert [notice.title for notice in notices if "QY-CF-01" in str(notice.title)]

    form = text_of(manager.get(again))
    assert 'value="Cabin filter, activated carbon"' in form
    assert 'value="2024"' in form

    changed = {**filled_in, "title_zh": "空调滤芯 活性炭 22 厘米", "keeps_pictures": "on"}
    assert manager.post(again, changed).status_code == 302
    answer = ProductProposal.objects.get(previous=turned_down)
    assert (answer.status, answer.pictures.count()) == (ProposalStatus.WAITING, 1)
    assert "changed" in text_of(manager.get(reverse("supplier-proposal", args=[answer.pk])))
    assert "New products turned down" not in text_of(manager.get(reverse("supplier-home")))
    assert manager.get(again).url == reverse("supplier-proposal", args=[turned_down.pk])


def test_what_is_accepted_is_an_offer(manager, filled_in):
    manager.post(reverse("supplier-propose"), filled_in)
    proposal = ProductProposal.objects.get()
    accept_proposal(proposal_id=proposal.pk, by=make_user(), now=proposal.proposed_at)

    assert Offer.objects.get(sku=proposal.sku).product_id
    assert reverse("supplier-offer", args=[proposal.sku]) in text_of(
        manager.get(reverse("supplier-proposal", args=[proposal.pk]))
    )


def test_a_waiting_proposal_is_withdrawn_once(manager, filled_in):
    manager.post(reverse("supplier-propose"), filled_in)
    proposal = ProductProposal.objects.get()
    address = reverse("supplier-proposal-withdraw", args=[proposal.pk])

    assert "is withdrawn" in text_of(manager.post(address, follow=True))
    assert "is withdrawn" not in text_of(manager.post(address, follow=True))
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WITHDRAWN


def test_a_clerk_reads_and_proposes_nothing(clerk, filled_in, turned_down):
    assert clerk.get(reverse("supplier-proposals")).status_code == 200
    page = text_of(clerk.get(reverse("supplier-proposal", args=[turned_down.pk])))
    assert "请补充尺寸" in page
    assert "Propose again" not in page
    for name, args in (("supplier-propose", []), ("supplier-propose-again", [turned_down.pk])):
        assert clerk.post(reverse(name, args=args), filled_in).status_code == 403
    assert ProductProposal.objects.count() == 1


def test_foreign_and_absent_proposals_read_alike(sign_in, turned_down):
    stranger = sign_in(Role.SUPPLIER, make_supplier().organization)

    for number in (turned_down.pk, 999_999_999):
        assert stranger.get(reverse("supplier-proposal", args=[number])).status_code == 404
        assert stranger.get(reverse("supplier-propose-again", args=[number])).status_code == 404
        assert stranger.post(reverse("supplier-proposal-withdraw", args=[number])).status_code == 404


def test_without_a_site_the_page_says_what_comes_first(sign_in, shop):
    newcomer = sign_in(Role.SUPPLIER, make_supplier().organization)

    assert "Open a site first" in text_of(newcomer.get(reverse("supplier-proposals")))
    assert "Open a site first" in text_of(newcomer.get(reverse("supplier-propose")))
