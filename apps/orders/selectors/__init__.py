"""Reads of orders: querysets and frozen dataclasses."""
