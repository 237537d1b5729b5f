"""Writes of webhooks: endpoints, what they are told, and how it is sent."""
