"""Sites are ranked by ordered rules; pure, without a database."""

import json

from apps.orders.policies.routing import SiteOption, Wish, preference, rank_sites, record, replay

SHANGHAI, SUZHOU, BEIJING = (31.23, 121.47), (31.30, 120.58), (39.90, 116.41)
WISH = Wish(product_id=1, quantity=2, method="delivery", brand_code="XINGCHI", place=SHANGHAI)


def site(code, **changes):
    values = {"store_id": None, "place": SHANGHAI, "available": 5, "lead_time_days": 2}
    return SiteOption(code=code, **{**values, **changes})


def order_of(*sites, wish=WISH):
    return preference(rank_sites(wish, sites))


def test_the_nearest_site_comes_first():
    assert order_of(site("b", place=BEIJING), site("s"), site("z", place=SUZHOU)) == ("s", "z", "b")


def test_a_site_with_the_whole_quantity_beats_a_nearer_one_with_a_part():
    assert order_of(site("near", available=1), site("far", place=BEIJING)) == ("far", "near")


def test_the_store_the_buyer_chose_comes_before_everything():
    wish = Wish(product_id=1, quantity=2, method="pickup", store_id=7, place=SHANGHAI)
    assert order_of(site("a"), site("mine", store_id=7, available=1, place=BEIJING), wish=wish) == ("mine", "a")


def test_ties_fall_to_the_sooner_site_and_then_to_the_code():
    assert order_of(site("c"), site("a", lead_time_days=5), site("b")) == ("b", "c", "a")


def test_distance_abstains_for_an_unknown_place():
    wish = Wish(product_id=1, quantity=2, method="delivery")
    ranked = rank_sites(wish, [site("b"), site("a", place=BEIJING)])
    assert [candidate.site_code for candidate in ranked] == ["a", "b"]
    assert ("nearest", "abstains") in ranked[0].reasons


def test_a_site_with_an_unknown_place_is_not_the_nearest():
    assert order_of(site("nowhere", place=None), site("far", place=BEIJING)) == ("far", "nowhere")


def test_refused_sites_keep_their_reason():
    ranked = rank_sites(
        WISH,
        [
            site("empty", available=0),
            site("foreign", is_authorized=False),
            site("tired", has_declined=True),
            site("ok"),
        ],
    )
    assert [(one.site_code, one.rank) for one in ranked] == [
        ("ok", 1),
        ("empty", None),
        ("foreign", None),
        ("tired", None),
    ]
    assert dict(ranked[1].reasons) == {"has_stock": "no stock"}
    assert "authorized_territory" in dict(ranked[2].reasons)
    assert "declined" in dict(ranked[3].reasons)


def test_a_site_the_offer_leaves_out_is_refused_whatever_else_it_has():
    ranked = rank_sites(
        WISH, [site("left-out", is_offered=False), site("empty", is_offered=False, available=0), site("ok")]
    )
    assert [(one.site_code, one.rank) for one in ranked] == [("ok", 1), ("empty", None), ("left-out", None)]
    assert all(dict(one.reasons) == {"offer_sites": "the offer does not ship from here"} for one in ranked[1:])


def test_a_decision_stored_before_offers_had_sites_replays():
    stored = json.loads(json.dumps(record(WISH, [site("b", place=BEIJING), site("s")])))
    for row in stored["sites"]:
        del row["is_offered"]
    assert replay(stored) == stored["candidates"]


def test_a_stored_decision_replays_to_the_same_answer():
    sites = [site("b", place=BEIJING), site("s"), site("n", place=None), site("e", available=0)]
    stored = json.loads(json.dumps(record(WISH, sites)))
    assert replay(stored) == stored["candidates"]
