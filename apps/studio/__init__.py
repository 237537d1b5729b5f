"""The studio draws the shop's pictures; it stands apart, as the sandbox does, and the shop serves only what it wrote."""
