"""Writes of orders, by noun. Whoever changes an order locks its row first, then payments, then stock levels."""
