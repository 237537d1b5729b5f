"""Writes of service."""
