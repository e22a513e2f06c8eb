"""The kit a host holds: runs orders of one project on one store, blocking or awaited."""

from orderkit._kit.awaited import AsyncKit
from orderkit._kit.kit import Kit

__all__ = ["AsyncKit", "Kit"]
