"""The calculator over HTTP: every refusal by its name, nothing kept."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from apps.financing.policies import yearly

PLANS, QUOTES = "/api/v1/finance/plans/", "/api/v1/finance/quotes/"
TERMS = {
    "price": {"amount": "289800.00", "currency": "CNY"},
    "down_payment": {"amount": "89800.00", "currency": "CNY"},
    "months": 36,
}


@pytest.fixture(autouse=True)
def _frozen(monkeypatch, now) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


def quote(**changes):
    answer = Client(headers={"accept-language": "en"}).post(
        QUOTES, json.dumps({**TERMS, **changes}), content_type="application/json"
    )
    return answer.status_code, answer.json()


def test_plans_stand_side_by_side_and_say_why_not(client, products):
    answer = client.get(PLANS, {"price": "200000", "down_payment": "60000", "months": "60"})

    rows = {row["product"]: row for row in answer.json()}
    assert answer.status_code == 200
    assert len(rows) == 4
    offered = [row for row in rows.values() if row["plan"]]
    refused = [row for row in rows.values() if row["refusal"]]
    assert len(offered) + len(refused) == 4
    assert {row["refusal"]["code"] for row in refused} <= {"term_not_offered", "down_payment_out_of_range"}
    assert all(60 not in row["months"] for row in refused if row["refusal"]["code"] == "term_not_offered")
    assert all(len(row["plan"]["payments"]) == 60 for row in offered)


def test_a_product_is_quoted_with_its_yearly_percentage(products):
    status, plan = quote(product="XC-EASY")

    assert status == 200
    assert plan["monthly"] == {"amount": "5788.96", "currency": "CNY"}
    assert (plan["yearly_percentage"], plan["effective_percentage"]) == ("2.69", "2.72")


@pytest.mark.parametrize(
    ("changes", "percentage", "compounded"),
    [
        # 100,000 with a fee of 1,000 and twelve times 8,833.33 is 6 % flat and 1 % at the start.
        ({"months": 12, "repayment": "FLAT", "yearly_rate": "0.06", "fee_rate": "0.01"}, "12.80", "13.58"),
        ({"months": 36, "repayment": "FLAT", "yearly_rate": "0.03"}, "5.68", "5.83"),
        ({"months": 12, "yearly_rate": "0"}, "0.00", "0.00"),
    ],
)
def test_anybodys_terms_are_shown_for_what_they_are(db, changes, percentage, compounded):
    amounts = {
        "price": {"amount": "100000.00", "currency": "CNY"},
        "down_payment": {"amount": "0.00", "currency": "CNY"},
    }
    status, plan = quote(**amounts, **changes)

    assert status == 200
    assert (plan["yearly_percentage"], plan["effective_percentage"]) == (percentage, compounded)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"yearly_rate": "-0.01"}, 422, "negative_rate"),
        ({"yearly_rate": "0.03", "fee_rate": "-0.01"}, 422, "negative_rate"),
        ({"yearly_rate": "0.03", "balloon_share": "-0.01", "repayment": "BALLOON"}, 422, "negative_rate"),
        ({"yearly_rate": "0.03", "balloon_share": "0.9", "repayment": "BALLOON"}, 422, "nothing_to_finance"),
        ({"yearly_rate": "0.03", "down_payment": TERMS["price"]}, 422, "nothing_to_finance"),
        ({"yearly_rate": "0.03", "fee_rate": "1"}, 422, "not_a_loan"),
        ({"yearly_rate": "500"}, 422, "apr_not_converging"),
        ({"yearly_rate": "500", "repayment": "FLAT"}, 422, "apr_not_converging"),
        ({"yearly_rate": "500", "repayment": "EQUAL_PRINCIPAL"}, 422, "apr_not_converging"),
        ({"yearly_rate": "99999", "months": 600}, 422, "apr_not_converging"),
        ({"product": "XC-EASY", "months": 13}, 422, "term_not_offered"),
        ({"product": "XC-EASY", "down_payment": TERMS["price"]}, 422, "down_payment_out_of_range"),
        ({"product": "NONSENSE"}, 422, "no_finance_product"),
        ({}, 400, "invalid"),
        ({"yearly_rate": "NaN"}, 400, "invalid"),
        ({"yearly_rate": "0.03", "months": 0}, 400, "invalid"),
        ({"yearly_rate": "0.03", "price": {"amount": "-1.00", "currency": "CNY"}}, 400, "invalid"),
        ({"yearly_rate": "0.03", "repayment": "NEVER"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_is_refused_by_name(products, changes, status, code):
    assert quote(**changes)[0] == status
    assert quote(**changes)[1]["code"] == code


def test_steps_that_do_not_come_close_enough_are_named_by_page_and_api(products, monkeypatch):
    monkeypatch.setattr(yearly, "MOST_STEPS", 0)

    assert quote(product="XC-EASY")[1]["code"] == "apr_not_converging"
    page = Client().get("/finance/?price=289800&down=89800&months=36&hl=en").content.decode()
    assert page.count("The yearly percentage of these payments cannot be worked out.") == 4


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("rate=-1", "Rates, fees and final payments cannot be negative."),
        ("rate=3&fee=-1", "Rates, fees and final payments cannot be negative."),
        ("rate=50000", "The yearly percentage of these payments cannot be worked out."),
        ("rate=3&fee=100", "These payments are not those of a loan"),
        ("rate=3&is_flat=on", "5.68 % a year"),
    ],
)
def test_the_page_weighs_another_lenders_offer(products, query, words):
    answer = Client().get(f"/finance/?price=200000&down=60000&months=36&hl=en&{query}")

    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_a_rate_that_is_no_number_stays_as_typed(products):
    answer = Client().get("/finance/?price=200000&down=60000&months=36&rate=viel&hl=en")

    assert answer.status_code == 422
    assert 'value="viel"' in answer.content.decode()
