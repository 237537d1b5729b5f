"""Pure rules of orders: no ORM, no clock, no request."""
