"""Orders from every channel, priced, moved and reported by reviewed YAML.

The names below are all that hosts need; each is imported when it is first used, so that
`import orderkit` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from orderkit._kit import AsyncKit, Kit
    from orderkit._project import Project, check, load
    from orderkit.domain.events import Actor
    from orderkit.domain.money import Money
    from orderkit.domain.order import Order
    from orderkit.errors import ConfigError, InvalidOrder, OrderkitError, Refused

__all__ = [
    "Actor",
    "AsyncKit",
    "ConfigError",
    "InvalidOrder",
    "Kit",
    "Money",
    "Order",
    "OrderkitError",
    "Project",
    "Refused",
    "check",
    "load",
]

_HOMES: Final = {
    "Actor": "orderkit.domain.events",
    "AsyncKit": "orderkit._kit",
    "ConfigError": "orderkit.errors",
    "InvalidOrder": "orderkit.errors",
    "Kit": "orderkit._kit",
    "Money": "orderkit.domain.money",
    "Order": "orderkit.domain.order",
    "OrderkitError": "orderkit.errors",
    "Project": "orderkit._project",
    "Refused": "orderkit.errors",
    "check": "orderkit._project",
    "load": "orderkit._project",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'orderkit' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
