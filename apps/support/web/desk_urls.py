"""Addresses of the desk, once for dealers and once for headquarters."""

from functools import partial

from django.urls import path

from apps.accounts.api import OrganizationKind
from apps.support.web import desk, staffing
from apps.support.web.desk import SAFE, at_desk

POST = ("POST",)


def _addresses(prefix: str, kind: OrganizationKind) -> list:
    look = partial(at_desk, kind=kind)
    do = partial(at_desk, kind=kind, methods=POST)
    both = partial(at_desk, kind=kind, methods=(*SAFE, *POST))
    return [
        path("", look(desk.chats), name=f"{prefix}-chats"),
        path("count/", look(desk.count), name=f"{prefix}-chat-count"),
        path("available/", do(desk.available), name=f"{prefix}-chat-available"),
        path("agents/", look(staffing.agents, for_managers=True), name=f"{prefix}-chat-agents"),
        path("agents/<int:agent_id>/", do(staffing.agent, for_managers=True), name=f"{prefix}-chat-agent"),
        path("replies/", both(staffing.replies), name=f"{prefix}-chat-replies"),
        path("replies/<int:reply_id>/drop/", do(staffing.drop_reply), name=f"{prefix}-chat-reply-drop"),
        path("<slug:reference>/", both(desk.chat), name=f"{prefix}-chat"),
        path("<slug:reference>/news/", look(desk.news), name=f"{prefix}-chat-news"),
        path("<slug:reference>/seen/", do(desk.seen), name=f"{prefix}-chat-seen"),
        path("<slug:reference>/typing/", do(desk.typing), name=f"{prefix}-chat-typing"),
        path("<slug:reference>/files/<int:seq>/", look(desk.file), name=f"{prefix}-chat-file"),
        path("<slug:reference>/transcript.txt", look(desk.transcript), name=f"{prefix}-chat-transcript"),
        path("<slug:reference>/<slug:name>/", do(desk.act), name=f"{prefix}-chat-act"),
    ]


dealer = _addresses("dealer", OrganizationKind.DEALER)
headquarters = _addresses("hq", OrganizationKind.HQ)
