"""Writes of live service."""
