"""Pure rules of service."""
