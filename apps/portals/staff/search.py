"""Ctrl-K: pages by their names, objects by their numbers and names; bounded, whatever the size of the tables."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

# What people look for by name or number, in the order of the answer. Logs and movements have their own lists.
SEARCHED = (
    "orders.customerorder",
    "orders.sellerorder",
    "onboarding.application",
    "suppliers.supplier",
    "dealers.dealer",
    "dealers.store",
    "catalog.productinfo",
    "catalog.offer",
    "inventory.unit",
    "payments.payment",
    "accounts.organization",
    "accounts.user",
    "webhooks.webhookendpoint",
)
MOST_OF_A_KIND = 5
SHORTEST = 2
LONGEST = 100


def search(request: HttpRequest, term: str) -> list[SearchResult]:
    """Find pages of the side bar and objects; only what the person may view (Unfold's ``search_callback``)."""
    words = term.strip()[:LONGEST].replace("\0", "")
    if len(words) < SHORTEST:
        return []
    return [*_pages(request, words), *_objects(request, words)]


def _pages(request: HttpRequest, words: str) -> Iterator[SearchResult]:
    for group in admin.site.get_sidebar_list(request):
        for item in group["items"]:
            if item.get("has_permission", True) and words.lower() in str(item["title"]).lower():
                yield SearchResult(
                    title=str(item["title"]), description=str(group["title"]), link=str(item["link"]), icon="tag"
                )


def _objects(request: HttpRequest, words: str) -> Iterator[SearchResult]:
    for label in SEARCHED:
        model_admin = _admin_of(label)
        if model_admin is None or not model_admin.has_view_permission(request):
            continue
        if not model_admin.get_search_fields(request):
            continue
        found, may_repeat = model_admin.get_search_results(request, model_admin.get_queryset(request), words)
        rows = found.distinct() if may_repeat else found
        name = label.replace(".", "_")
        for row in rows.order_by("-pk")[:MOST_OF_A_KIND]:
            yield SearchResult(
                title=str(row),
                description=str(model_admin.opts.verbose_name),
                link=reverse(f"admin:{name}_change", args=[row.pk]),
                icon="data_object",
            )


def _admin_of(label: str) -> Any:
    """The admin of a table by its label; None where an app is not there yet or shows no such table."""
    app, name = label.split(".")
    try:
        model = apps.get_model(app, name)
    except LookupError:
        return None
    return admin.site._registry.get(model)
