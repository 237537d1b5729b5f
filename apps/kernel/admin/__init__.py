"""Staff's view of the kernel."""

from apps.kernel.admin import imports, system

__all__ = ["imports", "system"]
