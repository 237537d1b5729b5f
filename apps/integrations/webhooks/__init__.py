"""Outgoing webhooks: organizations are told what happened to what is theirs."""
