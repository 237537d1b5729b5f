"""Writes of financing."""
