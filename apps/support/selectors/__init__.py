"""Reads of live service."""
