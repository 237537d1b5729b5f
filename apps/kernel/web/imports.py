"""What pages of other apps need of imports beside the doors of the kernel: to have a worker look at a run."""

from apps.kernel.tasks import begin_import

__all__ = ["begin_import"]
