"""What an open page of a conversation hears: by asking again and again, or pushed by the live server."""

from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language

from apps.kernel.api import NotFound
from apps.support.api import (
    Conversation,
    Side,
    access_file,
    is_typing,
    list_messages,
    make_proof,
    write_transcript,
)

OTHER = {Side.VISITOR: Side.AGENT, Side.AGENT: Side.VISITOR}


def describe(
    conversation: Conversation, *, side: Side, after: int, files_url: str, user_id: int | None
) -> dict[str, Any]:
    """
    Return what one side has not seen of a conversation: messages after number ``after`` and how things stand.

    ``html`` is the messages as the page shows them; ``last`` the number to ask from next time; ``seen`` up to where
    the other side has read; ``proof`` opens a live connection.
    """
    said = list_messages(conversation, after=after)
    other = OTHER[side]
    return {
        "last": said[-1].seq if said else max(after, 0),
        "html": render_messages(said, side=side, files_url=files_url),
        "status": conversation.status,
        "typing": is_typing(conversation, other),
        "seen": conversation.agent_seen if side == Side.VISITOR else conversation.visitor_seen,
        "proof": make_proof(conversation, side=side, user_id=user_id, language=get_language() or "zh-hans"),
    }


def render_messages(said: list[Any], *, side: Side, files_url: str) -> str:
    """Return messages as the page shows them."""
    context = {"said": said, "own": str(side), "files_url": files_url}
    return render_to_string("support/_messages.html", context) if said else ""


def read_number(request: HttpRequest, name: str) -> int:
    """Return a number of messages from an address or a form; nonsense counts as 0."""
    value = (request.POST if request.method == "POST" else request.GET).get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, and not a form."""
    return request.headers.get("Accept", "").startswith("application/json")


def refuse_form(form: Form) -> JsonResponse:
    """Tell the page's script what is wrong with what it sent."""
    fields = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    first = next(iter(fields.values()), [""])[0]
    return JsonResponse({"code": "invalid", "message": first, "fields": fields, "context": {}}, status=400)


def send_file(conversation: Conversation, seq: int) -> HttpResponseBase:
    """Send the file of a message as a download that no page can run; pictures may be looked at."""
    try:
        file = access_file(conversation, seq=seq)
    except NotFound:
        raise Http404 from None
    is_picture = file.content_type.startswith("image/")
    response = FileResponse(file.content.open("rb"), as_attachment=not is_picture, filename=file.name)
    response["Content-Type"] = file.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def send_transcript(conversation: Conversation) -> HttpResponse:
    """Send a conversation as a text to keep."""
    zone = conversation.store.time_zone if conversation.store else "Asia/Shanghai"
    response = HttpResponse(write_transcript(conversation, time_zone=zone), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="conversation-{conversation.reference}.txt"'
    return response
