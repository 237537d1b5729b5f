"""The dealer's portal, a module per noun."""
