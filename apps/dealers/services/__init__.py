"""Writes of dealers: one module per noun."""
