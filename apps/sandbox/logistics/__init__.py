"""A parcel carrier behind Kuaidi100's interface (enterprise query and push)."""

from .provider import Logistics

__all__ = ["Logistics"]
