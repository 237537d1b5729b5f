"""Pages of the supplier's portal."""
