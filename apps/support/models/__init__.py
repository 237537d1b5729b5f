"""Conversations and their messages; the desks and agents who answer."""

from apps.support.models.conversations import Assignment, Conversation, Message, Rating
from apps.support.models.desks import Agent, CannedReply, Desk

__all__ = ["Agent", "Assignment", "CannedReply", "Conversation", "Desk", "Message", "Rating"]
