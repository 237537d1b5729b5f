"""Products that suppliers propose: checked by rules, decided by people."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image
from psycopg2.extras import DateRange

from apps.catalog.api import (
    Fitment,
    ForbiddenClaim,
    NothingWaits,
    Offer,
    ProductInfo,
    ProductProposal,
    ProductWish,
    ProposalNotFound,
    ProposalRefused,
    ProposalStatus,
    ReasonRequired,
    SkuTaken,
    accept_proposal,
    access_proposal,
    differences_of,
    findings_of,
    list_own_proposals,
    list_waiting_proposals,
    reject_proposal,
    search_products,
    submit_product_proposal,
    withdraw_proposal,
)
from apps.catalog.policies.content import Claim, check_texts, clean_text
from apps.catalog.selectors.search import ProductQuery
from apps.kernel.api import MoveNotAllowed, OutboxEvent, PrivateFile, print_pdf
from apps.shop.api import Product
from apps.suppliers.api import SupplierNotApproved, suspend_supplier
from tests.factories.accounts import make_user
from tests.factories.catalog import make_brand, make_leaf_category, make_part, make_tax_rates, make_trim
from tests.factories.dealers import make_supplier
from tests.races import failures

TEXTS = {
    "title_zh": "空调滤芯 活性炭", "title_en": "Cabin filter, activated carbon", "summary_zh": "双层活性炭",
    "summary_en": "Two layers of carbon", "description_zh": "滤除异味。", "description_en": "Filters odours.",
}  # fmt: skip
CLAIMS = [Claim("国家级", False, "广告法第九条"), Claim(r"最(佳|好|高级)", True, "广告法第九条")]


def codes(**changes: str) -> list[tuple[str, str]]:
    return [(row.field, row.code) for row in check_texts({**TEXTS, **changes}, CLAIMS)]


def test_good_texts_pass():
    assert codes() == []


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("title_zh", "", "required"),
        ("title_en", "", "required"),
        ("title_zh", "滤芯", "too_short"),
        ("title_zh", "滤" * 61, "too_long"),
        ("title_zh", "Cabin filter", "no_chinese"),
        ("title_zh", "国家级空调滤芯", "forbidden_claim"),
        ("summary_zh", "全网最佳", "forbidden_claim"),
        ("description_zh", "用过都说最好", "forbidden_claim"),
        ("description_zh", "加微信领券", "contact"),
        ("description_zh", "电话13800138000", "contact"),
        ("description_en", "See https://example.com", "contact"),
        ("description_en", "x" * 8001, "too_long"),
    ],
)
def test_texts_are_refused_field_by_field(field, text, code):
    assert codes(**{field: text}) == [(field, code)]


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<p>滤芯</p><p>两层</p>", "滤芯\n两层"),
        ("<b>粗</b>体<script>alert(1)</script>", "粗体"),
        ("&lt;img src=x onerror=alert(1)&gt;滤芯", "滤芯"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("  一  二\n\n\n\n三 ", "一 二\n\n三"),
        ("<style>p{}</style><a href='javascript:x'>链</a>", "链"),
    ],
)
def test_markup_goes_and_text_stays(pasted, kept):
    assert clean_text(pasted) == kept


@given(some.text(alphabet="<>/&;a\"'=scriptlmg \n", max_size=60))
def test_whatever_is_pasted_holds_no_tag_afterwards(pasted):
    text = clean_text(pasted)

    assert "<script" not in text
    assert clean_text(text) == text


@pytest.fixture
def world(db):
    """A leaf category of parts, one car, one forbidden claim."""
    make_tax_rates()
    make_brand(code="CHENXI")
    ForbiddenClaim.objects.create(claim="国家级", valid=DateRange(date(2015, 9, 1), None), source_zh="广告法第九条")
    return {"category": make_leaf_category("PART-FILTER"), "trim": make_trim()}


@pytest.fixture
def propose(world, supplier, now):
    """Propose a cabin filter of the supplier."""

    def propose(*, answers=None, organization_id=None, by=None, at=now, **changes):
        wish = {
            **TEXTS,
            "sku": "CAB-1",
            "category_code": "PART-FILTER",
            "brand_code": "CHENXI",
            "price": "58.00",
            "lead_time_days": 3,
            "sites": ["WH-1"],
            "fitment": world["trim"].model.series.code,
            "icon": "cabin-filter",
            **changes,
        }
        return submit_product_proposal(
            organization_id=organization_id or supplier.organization_id,
            wish=ProductWish(**wish),
            by=by,
            now=at,
            answers=answers,
        )

    return propose


def picture(kind: str = "JPEG", tail: bytes = b"") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, format=kind)
    return SimpleUploadedFile(f"a.{kind.lower()}", content.getvalue() + tail)


def test_a_proposal_waits_and_is_no_product_yet(propose, supplier):
    user = make_user()

    proposal = propose(by=user, description_zh="<p>滤除异味</p><script>x</script>")

    assert (proposal.status, proposal.proposed_by, proposal.kind) == (ProposalStatus.WAITING, user, "part")
    assert proposal.description_zh == "滤除异味"
    assert list(list_waiting_proposals()) == [proposal]
    assert list(list_own_proposals(supplier.organization_id)) == [proposal]
    assert not Product.objects.filter(upc="CAB-1").exists()


def test_accepted_it_is_in_the_shop_with_its_offer_and_tells_it(propose, world, now):
    proposal, reviewer = propose(minimum_quantity=1), make_user()

    accept_proposal(proposal_id=proposal.pk, by=reviewer, now=now + timedelta(days=1))

    proposal.refresh_from_db()
    info = ProductInfo.objects.get(product__upc="CAB-1")
    offer = Offer.objects.get(sku="CAB-1")
    assert (proposal.status, proposal.product_id, proposal.decided_by) == ("ACCEPTED", info.pk, reviewer)
    assert (info.kind, info.brand.code, info.image_key, info.shown_offer) == (
        "part",
        "CHENXI",
        "parts/cabin-filter",
        offer,
    )
    assert (offer.stock_record.price, offer.site_codes) == (Decimal("58.00"), ("WH-1",))
    assert Fitment.objects.get(product=info.pk).series == world["trim"].model.series
    assert [card.id for card in search_products(ProductQuery(q="活性炭")).items] == [info.pk]
    told = OutboxEvent.objects.get(name="catalog.proposal_decided.v1").payload
    assert (told["status"], told["product_id"]) == ("ACCEPTED", info.pk)


def test_rejected_it_keeps_the_reason_and_may_be_answered_once(propose, supplier, now):
    first = propose()
    with pytest.raises(ReasonRequired):
        reject_proposal(proposal_id=first.pk, reason=" ", by=None, now=now)
    with pytest.raises(NothingWaits):
        propose(sku="CAB-2", answers=first.pk)
    reject_proposal(proposal_id=first.pk, reason="标题太长", by=None, now=now)

    second = propose(answers=first.pk, title_zh="空调滤芯", price="55.00")

    assert access_proposal(proposal_id=first.pk, organization_id=supplier.organization_id).reason == "标题太长"
    changed = {row.name: (row.before, row.after) for row in differences_of(second) if row.is_changed}
    assert changed == {"title_zh": ("空调滤芯 活性炭", "空调滤芯"), "price": ("58.00", "55.00")}
    with pytest.raises(NothingWaits):
        propose(sku="CAB-3", answers=first.pk)
    assert not Product.objects.filter(upc="CAB-1").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_zh": "国家级空调滤芯"}, "title_zh"),
        ({"title_en": ""}, "title_en"),
        ({"category_code": "NOWHERE"}, "category_code"),
        ({"category_code": "ROOT"}, "category_code"),
        ({"brand_code": "NOBODY"}, "brand_code"),
        ({"price": "0"}, "price"),
        ({"price": "-1.00"}, "price"),
        ({"price": "58.005"}, "price"),
        ({"price": "cheap"}, "price"),
        ({"lead_time_days": -1}, "lead_time_days"),
        ({"lead_time_days": 366}, "lead_time_days"),
        ({"minimum_quantity": 0}, "minimum_quantity"),
        ({"minimum_quantity": 1000}, "minimum_quantity"),
        ({"sites": []}, "sites"),
        ({"sites": ["WH-1", "WH-OTHER"]}, "sites"),
        ({"fitment": "NO-SUCH-SERIES"}, "fitment"),
        ({"fitment": "A@20x6"}, "fitment"),
        ({"pictures": [picture() for _number in range(7)]}, "pictures"),
        ({"pictures": [SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")]}, "pictures"),
        ({"pictures": [SimpleUploadedFile("a.jpg", b"%PDF-1.7 no picture")]}, "pictures"),
    ],
)
def test_refuses_what_breaks_rules_field_by_field_and_keeps_nothing(changes, field, propose):
    with pytest.raises(ProposalRefused) as refusal:
        propose(**changes)

    assert list(refusal.value.fields) == [field]
    assert not ProductProposal.objects.exists()
    assert not PrivateFile.objects.exists()


def test_refuses_a_good_paper_that_is_no_picture_and_keeps_nothing(propose):
    paper = SimpleUploadedFile("a.pdf", print_pdf("<p>合格证</p>"))

    with pytest.raises(ProposalRefused) as refusal:
        propose(pictures=[paper])

    assert list(refusal.value.fields) == ["pictures"]
    assert not ProductProposal.objects.exists()
    assert not PrivateFile.objects.exists()


def test_everything_that_is_wrong_is_told_at_once(propose):
    with pytest.raises(ProposalRefused) as refusal:
        propose(title_zh="滤芯", price="0", sites=[])

    assert set(refusal.value.fields) == {"title_zh", "price", "sites"}


def test_refuses_numbers_in_use_and_a_second_waiting_proposal(propose, world):
    make_part(upc="TAKEN-1", sku="TAKEN-2")
    for sku in ("TAKEN-1", "TAKEN-2"):
        with pytest.raises(SkuTaken):
            propose(sku=sku)
    propose()
    with pytest.raises(SkuTaken):
        propose()
    assert ProductProposal.objects.count() == 1


def test_refuses_a_supplier_that_may_not_sell_now_or_when_it_is_decided(propose, supplier, now):
    proposal = propose()
    suspend_supplier(organization_id=supplier.organization_id, reason="licence", by=None, now=now)

    with pytest.raises(SupplierNotApproved):
        propose(sku="CAB-2")
    with pytest.raises(SupplierNotApproved):
        accept_proposal(proposal_id=proposal.pk, by=None, now=now)
    proposal.refresh_from_db()
    assert (proposal.status, Product.objects.filter(upc="CAB-1").exists()) == (ProposalStatus.WAITING, False)


def test_refuses_to_accept_a_number_that_came_into_use(propose, now):
    proposal = propose()
    make_part(upc="CAB-1")

    with pytest.raises(SkuTaken):
        accept_proposal(proposal_id=proposal.pk, by=None, now=now)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WAITING


@pytest.mark.parametrize("status", [s for s in ProposalStatus if s != ProposalStatus.WAITING])
def test_what_was_decided_is_not_decided_again(status, propose, supplier, now):
    proposal = propose()
    other = make_part().pk
    ProductProposal.objects.filter(pk=proposal.pk).update(status=status, product_id=other)
    asked = {"proposal_id": proposal.pk, "by": None, "now": now}

    with pytest.raises(MoveNotAllowed):
        accept_proposal(**asked)
    with pytest.raises(MoveNotAllowed):
        reject_proposal(**asked, reason="no")
    with pytest.raises(MoveNotAllowed):
        withdraw_proposal(**asked, organization_id=supplier.organization_id)
    assert not Product.objects.filter(upc="CAB-1").exists()


def test_anothers_proposal_reads_as_missing(propose, now):
    proposal, other = propose(), make_supplier().organization_id

    for proposal_id in (proposal.pk, 424242, 2**64):
        with pytest.raises(ProposalNotFound):
            access_proposal(proposal_id=proposal_id, organization_id=other)
    with pytest.raises(ProposalNotFound):
        withdraw_proposal(proposal_id=proposal.pk, organization_id=other, by=None, now=now)
    with pytest.raises(ProposalNotFound):
        accept_proposal(proposal_id=424242, by=None, now=now)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WAITING


def test_the_rules_tell_a_reviewer_what_is_worth_a_look(propose, world):
    make_part(title=TEXTS["title_zh"], upc="TWIN-1", price="1.00", categories=[world["category"]])

    proposal = propose(icon="")

    assert [(row.field, row.code) for row in findings_of(proposal)] == [
        ("title_zh", "like_another"),
        ("price", "price_far_off"),
        ("pictures", "no_picture"),
    ]
    assert all(row.text for row in findings_of(proposal))


def test_pictures_are_drawn_anew_and_public_once_the_product_is(propose, client, now):
    proposal = propose(pictures=[picture(tail=b"<script>alert(1)</script>")], icon="")
    file = proposal.pictures.get()
    address = reverse("catalog:uploaded-picture", args=[file.pk])

    assert b"script" not in file.content.read()
    assert client.get(address).status_code == 404
    accept_proposal(proposal_id=proposal.pk, by=None, now=now)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert ProductInfo.objects.get(product__upc="CAB-1").image_key == f"uploaded/{file.pk}"


def test_the_database_keeps_one_waiting_proposal_of_a_number_and_no_price_below_zero(propose):
    proposal = propose()
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductProposal.objects.update(price=Decimal(-1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductProposal.objects.update(status="ACCEPTED")


@pytest.mark.django_db(transaction=True)
def test_accepted_by_two_at_once_it_becomes_one_product(propose, now):
    proposal = propose()

    raised = failures(*[lambda: accept_proposal(proposal_id=proposal.pk, by=None, now=now)] * 2)

    assert [type(error) for error in raised] == [MoveNotAllowed]
    assert Product.objects.filter(upc="CAB-1").count() == Offer.objects.filter(sku="CAB-1").count() == 1
