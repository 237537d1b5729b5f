"""The studio draws the shop's pictures. It stands apart, as the sandbox does: the shop serves what it wrote."""
