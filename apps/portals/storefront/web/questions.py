"""Questions about a product, and answers to them."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.api import open_to_everyone, open_to_members
from apps.kernel.api import DomainError, NotFound
from apps.kernel.web import add_to_form, cached_page, tag_page
from apps.membership.api import answer_question, ask_question, search_questions
from apps.portals.storefront.member_forms import QuestionForm
from apps.portals.storefront.web.numbers import read_number
from apps.portals.storefront.web.product import list_url_of, open_product
from apps.portals.storefront.web.ways_back import go_back, posted


@cached_page(tags=["price"], query=["page"])
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_everyone
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """List a product's questions with their answers; a member may ask another one."""
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    found = open_product(slug, with_stores=False)
    tag_page(request, f"product:{found.id}")
    form = QuestionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            ask_question(product_id=found.id, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        except DomainError as refusal:
            add_to_form(form, refusal)
        else:
            messages.success(request, _("Thank you. Your question is published as soon as we have read it."))
            return redirect("shop:my-reviews")
    context = {
        "product": found,
        "found": search_questions(found.id, page=max(read_number(request.GET.get("page")) or 1, 1)),
        "form": form,
        "list_url": list_url_of(found),
    }
    return render(request, "storefront/questions.html", context)


@require_POST
@open_to_members
def answer(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answer a question: for the brand or a seller at once, as an owner after it was read."""
    try:
        written = answer_question(
            question_id=question_id, text=request.POST.get("text", "")[:5000], by=request.user, now=timezone.now()
        )
    except NotFound:
        raise Http404 from None
    except DomainError as refusal:
        messages.error(request, str(refusal), extra_tags="bad")
    else:
        is_public = written.status == "PUBLISHED"
        messages.success(
            request,
            _("Your answer is published.")
            if is_public
            else _("Thank you. Your answer is published as soon as we have read it."),
        )
    return go_back(request, "/")
