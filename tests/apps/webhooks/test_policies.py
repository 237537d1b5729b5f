"""Which addresses are called, and when a failed call is repeated."""

import ipaddress
from datetime import timedelta

import pytest

from apps.integrations.webhooks import policies

INSIDE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0.0.0.0", "100.64.0.1"),  # noqa: S104
    *("169.254.169.254", "100.100.100.200", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::"),
]
OUTSIDE = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_of_a_network_is_not_public(text):
    assert not policies.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_internet_is_public(text):
    assert policies.is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://partner.example/hooks", ""),
        ("https://partner.example:8443/hooks?key=1", ""),
        ("https://[2606:4700:4700::1111]/", ""),
        ("http://partner.example/hooks", "https"),
        ("ftp://partner.example/", "https"),
        ("file:///etc/passwd", "https"),
        ("//partner.example/", "https"),
        ("", "https"),
        ("https://user:pass@partner.example/", "credentials"),
        ("https://partner.example@127.0.0.1/", "credentials"),
        ("https:///path", "host"),
        ("https://-x-/", "host"),
        ("https://ex%41mple.com/", "host"),
        ("https://partner.example/#part", "fragment"),
        ("https://partner.example:22/", "port"),
        ("https://partner.example:99999/", "form"),
        ("https://[::1/", "form"),
        ("https://例子.example/", "characters"),
        ("https://partner.example/a b", "characters"),
        ("https://partner.example\\@127.0.0.1/", "characters"),
        ("https://partner.example/\r\nX: 1", "characters"),
        ("https://partner.example/" + "x" * 500, "too_long"),
    ],
)
def test_the_form_of_an_address_is_judged(url, problem):
    assert policies.problem_of_url(url, may_loop=False) == problem


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/", "http://localhost:9000/x", "http://[::1]:9000/"])
def test_only_the_demo_calls_this_machine_by_plain_http(url):
    assert policies.problem_of_url(url, may_loop=True) == ""
    assert policies.problem_of_url(url, may_loop=False) == "https"
    assert policies.problem_of_url("http://10.0.0.1:9000/", may_loop=True) == "https"


def test_waits_grow_and_differ_from_one_delivery_to_the_next():
    waits = [policies.wait_after(number, key="msg_1") for number in range(1, policies.MAX_ATTEMPTS)]

    assert waits == sorted(waits)
    assert all(base <= wait <= base * 1.2 for base, wait in zip(policies.WAITS, waits, strict=True))
    assert policies.wait_after(1, key="msg_1") == waits[0] != policies.wait_after(1, key="msg_2")
    assert policies.wait_after(policies.MAX_ATTEMPTS, key="msg_1") is None


def test_an_endpoint_is_lost_after_three_days(now):
    assert not policies.is_lost(None, now=now)
    assert not policies.is_lost(now - timedelta(days=3) + timedelta(seconds=1), now=now)
    assert policies.is_lost(now - timedelta(days=3), now=now)


def test_the_secret_before_counts_until_its_time_is_over(now):
    until = now + timedelta(hours=1)

    assert policies.valid_secrets("new", "old", until, now=now) == ("new", "old")
    assert policies.valid_secrets("new", "old", until, now=until) == ("new",)
    assert policies.valid_secrets("new", None, None, now=now) == ("new",)
