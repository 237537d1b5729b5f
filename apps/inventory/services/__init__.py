"""Writes of inventory, by noun: reservations, stock, units."""
