"""Reviews: to read, to write, to vote on, to report, to reply to."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.api import open_to_everyone, open_to_members
from apps.catalog.api import list_cards
from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form, cached_page, tag_page
from apps.membership.api import (
    AlreadyReviewed,
    ReviewNotFound,
    ReviewOrder,
    ReviewQuery,
    access_photo,
    access_review,
    find_official,
    find_review_of,
    get_published_review,
    list_questions_of,
    list_reviews_of,
    list_voted_ids,
    remove_review,
    reply_to_review,
    report_review,
    revise_review,
    search_reviews,
    vote_helpful,
    withdraw_vote,
    write_review,
)
from apps.portals.storefront.member_forms import AnswerForm, ReportForm, ReviewForm
from apps.portals.storefront.web.numbers import read_number
from apps.portals.storefront.web.product import list_url_of, open_product
from apps.portals.storefront.web.ways_back import go_back, posted

PHOTO_FILES = {
    "large.webp": ("large", "image/webp"),
    "small.webp": ("small_webp", "image/webp"),
    "small.avif": ("small_avif", "image/avif"),
}
# A published photo never changes under its key; taken down, it should not linger for long.
PHOTO_SECONDS = 3600


@cached_page(tags=["price"], query=["stars", "photos", "verified", "sort", "page"])
@require_safe
@vary_on_headers("HX-Request")
@open_to_everyone
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """List a product's reviews, narrowed by stars, photos and verified purchase; htmx gets the list alone."""
    found = open_product(slug, with_stores=False)
    tag_page(request, f"product:{found.id}")
    query = _read_query(request.GET)
    page = search_reviews(found.id, query)
    params = request.GET.copy()
    params.pop("page", None)
    context = {
        "product": found,
        "found": page,
        "rating": page.summary,
        "query": query,
        "filters": _list_filters(query),
        "orders": ReviewOrder.choices,
        "params": params.urlencode(),
        "list_url": list_url_of(found),
        **personal_marks(request, found.id, [review.id for review in page.items]),
    }
    template = "storefront/_review_list.html" if request.htmx else "storefront/reviews.html"
    return render(request, template, context)


def personal_marks(request: HttpRequest, product_id: int, review_ids: list[int]) -> dict[str, Any]:
    """What a signed-in visitor may do with these reviews; nothing for guests, whose page is everybody's."""
    if not request.user.is_authenticated:
        return {}
    return {
        "voted": list_voted_ids(request.user, review_ids),
        "may_reply": find_official(user=request.user, product_id=product_id) is not None,
    }


def _read_query(data: QueryDict) -> ReviewQuery:
    """Read the filters; a value no filter can have is as good as none."""
    stars = read_number(data.get("stars"))
    ordering = data.get("sort", "")
    return ReviewQuery(
        stars=stars if stars in (1, 2, 3, 4, 5) else None,
        with_photos=bool(data.get("photos")),
        verified=bool(data.get("verified")),
        ordering=ordering if ordering in ReviewOrder.values else ReviewOrder.NEWEST,
        page=max(read_number(data.get("page")) or 1, 1),
    )


def _list_filters(query: ReviewQuery) -> list[dict[str, Any]]:
    """Return the filters as links: what each one adds or takes away."""
    chosen = {
        "stars": str(query.stars or ""),
        "photos": "1" if query.with_photos else "",
        "verified": "1" if query.verified else "",
        "sort": query.ordering if query.ordering != ReviewOrder.NEWEST else "",
    }

    def link(**changes: str) -> str:
        data = QueryDict(mutable=True)
        data.update({name: value for name, value in {**chosen, **changes}.items() if value})
        return data.urlencode()

    stars = [
        {
            "name": _("%(stars)s stars") % {"stars": star},
            "query": link(stars="" if query.stars == star else str(star)),
            "is_chosen": query.stars == star,
        }
        for star in (5, 4, 3, 2, 1)
    ]
    return [
        {
            "name": _("With photos"),
            "query": link(photos="" if query.with_photos else "1"),
            "is_chosen": query.with_photos,
        },
        {
            "name": _("Verified purchases"),
            "query": link(verified="" if query.verified else "1"),
            "is_chosen": query.verified,
        },
        *stars,
    ]


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a member write a review; whoever wrote one already changes it."""
    found = open_product(slug, with_stores=False)
    known = find_review_of(request.user, found.id)
    if known is not None:
        return redirect("shop:edit-review", review_id=known.pk)
    form = ReviewForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            write_review(product_id=found.id, by=request.user, now=timezone.now(), **form.cleaned_data)
        except AlreadyReviewed as refusal:
            messages.error(request, str(refusal), extra_tags="bad")
            return redirect("shop:my-reviews")
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(
                request, _("Thank you. We read every review before it is published, usually within a day.")
            )
            return redirect("shop:my-reviews")
    return render(request, "storefront/review_write.html", {"product": found, "form": form})


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let a member write a review anew."""
    try:
        review = access_review(review_id=review_id, by=request.user)
    except ReviewNotFound:
        raise Http404 from None
    initial = {"rating": review.rating, "text": review.text}
    form = ReviewForm(posted(request), request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revise_review(
                review_id=review_id,
                remove_photo_ids=request.POST.getlist("remove_photo")[:20],
                by=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(
                request, _("Thank you. We read every review before it is published, usually within a day.")
            )
            return redirect("shop:my-reviews")
    product = next(iter(list_cards([review.product_id])), None)
    return render(request, "storefront/review_write.html", {"product": product, "form": form, "review": review})


@require_POST
@open_to_members
def remove(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let a member take a review back."""
    try:
        remove_review(review_id=review_id, by=request.user, now=timezone.now())
    except ReviewNotFound:
        raise Http404 from None
    messages.success(request, _("Your review was removed."))
    return redirect("shop:my-reviews")


@never_cache
@open_to_members
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what the member wrote and asked, and how far it has come."""
    written = list_reviews_of(request.user)
    asked = list_questions_of(request.user)
    products = {card.id: card for card in list_cards([row.product_id for row in (*written, *asked)])}
    context = {
        "reviews": [(row, products.get(row.product_id)) for row in written],
        "questions": [(row, products.get(row.product_id)) for row in asked],
    }
    return render(request, "storefront/my_reviews.html", context)


@require_POST
@open_to_members
def helpful(request: HttpRequest, review_id: int) -> HttpResponse:
    """Count, or take back, a vote; htmx gets the button alone."""
    is_withdrawn = request.POST.get("vote") == "0"
    try:
        if is_withdrawn:
            votes = withdraw_vote(review_id=review_id, by=request.user)
        else:
            votes = vote_helpful(review_id=review_id, by=request.user, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
        return go_back(request, reverse("shop:home"))
    if request.htmx:
        context = {"review_id": review_id, "votes": votes, "is_voted": not is_withdrawn}
        return render(request, "storefront/_helpful.html", context)
    return go_back(request, reverse("shop:home"))


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let a member tell HQ that a review should not be here."""
    try:
        review = get_published_review(review_id)
    except ReviewNotFound:
        raise Http404 from None
    product = next(iter(list_cards([review.product_id])), None)
    form = ReportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        report_review(review_id=review_id, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, _("Thank you. Somebody will look at this review."))
        return redirect("shop:reviews", slug=product.slug) if product else redirect("shop:home")
    return render(request, "storefront/review_report.html", {"review": review, "product": product, "form": form})


@never_cache
@open_to_members
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let the brand or a seller of the product reply; for everybody else there is no such page."""
    try:
        review = get_published_review(review_id)
    except ReviewNotFound:
        raise Http404 from None
    speaker = find_official(user=request.user, product_id=review.product_id)
    if speaker is None:
        raise Http404
    product = next(iter(list_cards([review.product_id])), None)
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            reply_to_review(review_id=review_id, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Your reply is published."))
            return redirect("shop:reviews", slug=product.slug) if product else redirect("shop:home")
    context = {"review": review, "product": product, "form": form, "speaker": speaker}
    return render(request, "storefront/review_reply.html", context)


@require_safe
@open_to_everyone
def photo(request: HttpRequest, key: Any, name: str) -> HttpResponseBase:
    """Send a photo of a review, as a picture and nothing else."""
    if name not in PHOTO_FILES:
        raise Http404
    field, content_type = PHOTO_FILES[name]
    try:
        shot = access_photo(key=key, by=request.user if request.user.is_authenticated else None)
        file = getattr(shot, field).open("rb")
    except (ReviewNotFound, FileNotFoundError):
        raise Http404 from None
    response = FileResponse(file, content_type=content_type)
    is_public = shot.review.status == "PUBLISHED"
    response["Cache-Control"] = f"public, max-age={PHOTO_SECONDS}" if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
