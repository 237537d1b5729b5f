"""
Answers visitors who are not signed in with pages out of the page cache; the first middleware.

A view opts in:

    @cached_page(tags=["list"], seconds=300, query=["page", "category", "option*"])
    def parts(request): ...

    tag_page(request, "product:12")     # while rendering, for what it finds on the way

Such a view is rendered for nobody in particular: without the visitor's cookies, without parameters it does not name,
and with a blank where a CSRF token belongs. So nothing of one visitor's can get into another's page. What is personal
comes by holes (``GET /me/holes/``), and the token is filled in on the way out.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase, ResponseHeaders
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language, get_language_from_request
from prometheus_client import Counter

from apps.kernel.page_cache import blanks
from apps.kernel.page_cache.client import Client, Unreachable, get_client
from apps.kernel.page_cache.pages import StoredPage, page_key, read_page, refuse_page, write_page
from apps.kernel.web import csrf_tokens
from apps.kernel.web.member_pages import Own, complete_for_member

ANSWERS = Counter("page_cache_answers", "Requests for pages that may be kept, by what became of them", ["how"])
LONGEST_PATH = 300
LONGEST_QUERY = 300
# Another request is rendering the page: look again so often, and render it oneself after so long.
LOOK_AGAIN_SECONDS = 0.02
PATIENCE_SECONDS = 1.0
# The browser asks each time whether its copy is right, nobody in between keeps one.
CACHE_CONTROL = "private, no-cache"
VARY = ("Cookie", "Accept-Language", "Accept-Encoding")
# Beside the session: who it is told to be by an app.
IDENTITIES = ("HTTP_AUTHORIZATION", "HTTP_X_SESSION_TOKEN")
# Whatever a view might take from a visitor that is no part of the page's key.
PERSONAL = ("HTTP_COOKIE", "HTTP_REFERER", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
# Headers of one answer, not of the page; and those that a 304 repeats.
LEFT_OUT = {"content-length", "etag", "date", "set-cookie", "last-modified", "expires"}
KEPT_BY_304 = ("Cache-Control", "Vary", "Content-Language")
GUEST, MEMBER = "guest", "member"

Tags = Iterable[str] | Callable[..., Iterable[str]]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a view's pages are kept. A parameter that ends in ``*`` is a prefix."""

    seconds: int
    parameters: frozenset[str]
    prefixes: tuple[str, ...]
    headers: tuple[str, ...]
    # The same as a server names them.
    header_keys: tuple[str, ...]

    def names(self, parameter: str) -> bool:
        """Tell whether a parameter makes another page."""
        return parameter in self.parameters or parameter.startswith(self.prefixes)


@dataclass(slots=True)
class Visit:
    """One visitor's request for a page that may be kept."""

    policy: Policy
    language: str
    wished_language: str
    query: str
    key: str
    encoding: str
    secret: str
    cookie_language: str
    copies: str
    tags: set[str] = field(default_factory=set)


def cached_page(
    *,
    tags: Tags = (),
    seconds: int = 300,
    query: Sequence[str] = (),
    headers: Sequence[str] = ("HX-Request",),
    own: Own | None = None,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """
    Keep what the view answers to visitors who are not signed in.

    ``tags``: what makes it wrong when forgotten, or a callable of what the view is called with. ``seconds``: the
    longest it is kept, for what no fact tells of (a store that closes). ``query``: the parameters that make another
    page; any other is left out before the view sees it, and so are empty ones. ``headers``: the request headers it
    looks at, besides the language. ``own``: what of the page is a member's own; with it a page that is kept is
    completed for members too (``apps.kernel.web.member_pages``), without it each is rendered one.
    """
    policy = Policy(
        seconds=seconds,
        parameters=frozenset(name for name in query if not name.endswith("*")),
        prefixes=tuple(name[:-1] for name in query if name.endswith("*")),
        headers=tuple(headers),
        header_keys=tuple("HTTP_" + name.upper().replace("-", "_") for name in headers),
    )

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def visited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visit: Visit | None = getattr(request, "page_visit", None)
            if visit is not None:
                visit.tags.update(tags(request, *args, **kwargs) if callable(tags) else tags)
                return view(request, *args, **kwargs)
            kept = _completed(request, policy, own) if own is not None else None
            return kept or view(request, *args, **kwargs)

        visited.page_policy = policy  # type: ignore[attr-defined]
        return visited

    return decorate


def tag_page(request: HttpRequest, *tags: str) -> None:
    """Say what the page at hand shows, so that it is rendered anew when that changes."""
    visit: Visit | None = getattr(request, "page_visit", None)
    if visit is not None:
        visit.tags.update(tags)


def blank_token(request: HttpRequest) -> dict[str, str]:
    """Context processor: a page that is kept has a blank where the visitor's CSRF token belongs."""
    return {"csrf_token": blanks.blank()} if getattr(request, "page_visit", None) is not None else {}


class PageCacheMiddleware:
    """Place it first: a page that is kept is answered without asking anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the cache, or render and keep."""
        policy = _policy_of(request)
        client = get_client() if policy is not None and _is_anonymous(request) else None
        if policy is None or client is None:
            return _mark(request, self.get_response(request))
        visit = _visit(request, policy)
        if visit is None:
            return _mark(request, self.get_response(request))
        try:
            return self._answer(request, visit, client)
        except Unreachable:
            ANSWERS.labels("unreachable").inc()
            return _mark(request, self.get_response(request))

    def _answer(self, request: HttpRequest, visit: Visit, client: Client) -> HttpResponseBase:
        deadline = None
        while True:
            found = read_page(client, visit.key, visit.encoding)
            if found.page is not None:
                ANSWERS.labels("kept").inc()
                return _complete(request, visit, found.page)
            if found.what != "wait":
                break
            now = time.monotonic()
            deadline = deadline or now + PATIENCE_SECONDS
            if now >= deadline:
                break
            time.sleep(LOOK_AGAIN_SECONDS)
        return self._render(request, visit, client, made=found.now)

    def _render(self, request: HttpRequest, visit: Visit, client: Client, *, made: str) -> HttpResponseBase:
        _make_anonymous(request, visit)
        response = self.get_response(request)
        try:
            if not _may_be_kept(request, response, visit):
                ANSWERS.labels("passed").inc()
                refuse_page(client, visit.key)
                return _as_it_is(visit, response)
            ANSWERS.labels("rendered").inc()
            pages = write_page(
                client,
                visit.key,
                made=made,
                tags=frozenset(visit.tags),
                seconds=visit.policy.seconds,
                status=response.status_code,
                headers=_headers(response, visit),
                content=response.content,  # type: ignore[attr-defined]
            )
        except Unreachable:
            return _as_it_is(visit, response)
        return _complete(request, visit, pages.get(visit.encoding) or pages[""])


# Before the view


@lru_cache(maxsize=4096)
def _policy_of_path(path: str) -> Policy | None:
    try:
        return getattr(resolve(path).func, "page_policy", None)
    except Resolver404:
        return None


def _policy_of(request: HttpRequest) -> Policy | None:
    if request.method not in ("GET", "HEAD") or len(request.path_info) > LONGEST_PATH:
        return None
    return _policy_of_path(request.path_info)


def _is_anonymous(request: HttpRequest) -> bool:
    """
    Tell whether nobody is signed in, as far as that can be told without looking the session up.

    A session without the mark beside it may be anybody's. A message that waits wants to be shown.
    """
    if any(name in request.META for name in IDENTITIES):
        return False
    cookies = request.COOKIES
    if not cookies:
        return True
    if settings.SESSION_COOKIE_NAME in cookies and cookies.get(settings.VISITOR_COOKIE_NAME) != GUEST:
        return False
    return "messages" not in cookies


def _visit(request: HttpRequest, policy: Policy) -> Visit | None:
    query, wished = _read_query(request, policy)
    if len(query) > LONGEST_QUERY:
        return None
    language = wished or get_language_from_request(request)
    return Visit(
        policy=policy,
        language=language,
        wished_language=wished,
        query=query,
        key=_key(request, policy, query, language),
        encoding=accepted_encoding(request.META.get("HTTP_ACCEPT_ENCODING", "")),
        secret=csrf_tokens.secret_of(request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")),
        cookie_language=request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        copies=request.META.get("HTTP_IF_NONE_MATCH", ""),
    )


def _read_query(request: HttpRequest, policy: Policy) -> tuple[str, str]:
    """Return the parameters that count, and the language that the address asks for."""
    asked = request.META.get("QUERY_STRING", "")
    if not asked:
        return "", ""
    if len(asked) > LONGEST_QUERY:
        return _read_parameters(request.GET, policy)
    return _read_known(asked, request.encoding, policy)


@lru_cache(maxsize=4096)
def _read_known(asked: str, encoding: str | None, policy: Policy) -> tuple[str, str]:
    """Taking an address apart takes as long as looking its page up; most have been asked for before."""
    # A server hands it over as Latin-1, whatever it is.
    return _read_parameters(QueryDict(asked.encode("latin-1"), encoding=encoding), policy)


def _read_parameters(parameters: QueryDict, policy: Policy) -> tuple[str, str]:
    wished = parameters.get(settings.LANGUAGE_PARAMETER, "")
    wished = wished if wished in settings.LANGUAGE_CODES else ""
    return _normal(parameters, policy, wished), wished


def _key(request: HttpRequest, policy: Policy, query: str, language: str) -> str:
    told = tuple(request.META.get(name, "")[:40] for name in policy.header_keys)
    host, root = request.META.get("HTTP_HOST", ""), request.META.get("SCRIPT_NAME", "")
    return _key_of(str(settings.RELEASE), request.scheme or "", host, root, request.path_info, query, language, told)


@lru_cache(maxsize=4096)
def _key_of(*parts: str | tuple[str, ...]) -> str:
    return page_key(parts)


def _normal(parameters: QueryDict, policy: Policy, wished_language: str) -> str:
    """Return the parameters that count, in one order; the values of one keep theirs."""
    normal = QueryDict(mutable=True)
    for name in sorted(parameters):
        values = [value for value in parameters.getlist(name) if value]
        if values and policy.names(name):
            normal.setlist(name, values)
    if wished_language:
        normal[settings.LANGUAGE_PARAMETER] = wished_language
    return normal.urlencode()


def _completed(request: HttpRequest, policy: Policy, own: Own) -> HttpResponse | None:
    """Return the kept page, completed for the member who asks; None to have it rendered."""
    if request.method not in ("GET", "HEAD"):
        return None
    query, _ = _read_query(request, policy)
    if len(query) > LONGEST_QUERY:
        return None
    response = complete_for_member(request, _key(request, policy, query, get_language() or ""), own)
    if response is not None:
        ANSWERS.labels("completed").inc()
    return response


@lru_cache(maxsize=256)
def accepted_encoding(accepted: str) -> str:
    """Return the best encoding a browser takes."""
    offers = {}
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        offers[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if offers.get(name)), "")


def _make_anonymous(request: HttpRequest, visit: Visit) -> None:
    """Leave nothing of the visitor in the request but what the page's key is made of."""
    for name in PERSONAL:
        request.META.pop(name, None)
    language = {settings.LANGUAGE_COOKIE_NAME: visit.language}
    request.COOKIES = language
    request.META["QUERY_STRING"] = visit.query
    request.__dict__.pop("GET", None)
    request.page_visit = visit  # type: ignore[attr-defined]


# After the view


def _may_be_kept(request: HttpRequest, response: HttpResponseBase, visit: Visit) -> bool:
    """Tell whether a response is the same for everybody: a whole page, without cookies, nonce or other variants."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    known = {name.lower() for name in (*VARY, *visit.policy.headers)}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and varies <= known
        and "no-store" not in response.get("Cache-Control", "")
        and "Content-Encoding" not in response
        and not isinstance(getattr(request, "_csp_nonce", None), str)
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def _headers(response: HttpResponseBase, visit: Visit) -> dict[str, str]:
    """Return the headers of a page for everybody."""
    patch_vary_headers(response, (*VARY, *visit.policy.headers))
    response["Cache-Control"] = CACHE_CONTROL
    return {name: value for name, value in response.items() if name.lower() not in LEFT_OUT}


def _complete(request: HttpRequest, visit: Visit, page: StoredPage) -> HttpResponse:
    """Return a page with the visitor's own token in its blanks, or tell that the visitor's copy is right."""
    head, body, secret, is_new = page.head, page.body, visit.secret, False
    etag = f'"{head.digest}{body.encoding[:1]}"'
    if body.blanks:
        if not secret:
            secret, is_new = csrf_tokens.new_secret(), True
        token = csrf_tokens.mask(secret, head.digest)
        # The same page has another token for another secret: a copy with an old one must not be called right.
        etag = f'"{head.digest}{body.encoding[:1]}-{token[:8].decode()}"'
    if visit.copies and not is_new and not {etag, f"W/{etag}"}.isdisjoint(parse_etags(visit.copies)):
        response = HttpResponse(status=304)
        response.headers = ResponseHeaders({name: head.headers[name] for name in KEPT_BY_304 if name in head.headers})
    else:
        content = body.fill(token) if body.blanks else body.data
        response = HttpResponse(b"" if request.method == "HEAD" else content, status=head.status)
        response.headers = ResponseHeaders({})
        # All at once: each by itself is checked and encoded again for every visitor.
        response.headers._store.update(head.headers._store)
        response.headers["Content-Length"] = str(len(content))
        if body.encoding:
            response.headers["Content-Encoding"] = body.encoding
    response.headers["ETag"] = etag
    if body.blanks and is_new:
        csrf_tokens.set_cookie(response, secret)
    _remember_language(visit, response)
    return response


def _as_it_is(visit: Visit, response: HttpResponseBase) -> HttpResponseBase:
    """
    Complete a response that is not kept.

    It was made for nobody: a cookie it sets would replace the visitor's own session or cart. What it says about
    language and token holds for this visitor too.
    """
    for name in set(response.cookies) - {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}:
        del response.cookies[name]
    if not response.streaming and blanks.blank().encode() in response.content:  # type: ignore[attr-defined]
        secret = visit.secret or csrf_tokens.new_secret()
        token = csrf_tokens.mask(secret, visit.key)
        response.content = response.content.replace(blanks.blank().encode(), token)  # type: ignore[attr-defined]
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        response.headers.pop("ETag", None)
        if not visit.secret:
            csrf_tokens.set_cookie(response, secret)
    _remember_language(visit, response)
    return response


def _remember_language(visit: Visit, response: HttpResponseBase) -> None:
    """Keep the language that the address asked for, as ``LocaleMiddleware`` reads it."""
    if visit.wished_language and visit.cookie_language != visit.wished_language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            visit.wished_language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _mark(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """
    Say beside a session's cookie whether somebody is signed in by it, so that the page cache need not look it up.

    It opens nothing: who forges the mark gets the page that everybody gets.
    """
    session = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if session is None:
        return response
    if not session.value:
        response.delete_cookie(settings.VISITOR_COOKIE_NAME, samesite="Lax")
        return response
    is_member = "_auth_user_id" in getattr(request, "session", {})
    response.set_cookie(
        settings.VISITOR_COOKIE_NAME,
        MEMBER if is_member else GUEST,
        max_age=session["max-age"] or None,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
