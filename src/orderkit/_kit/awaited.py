"""The same verbs for asynchronous hosts, made from the blocking ones instead of written twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from orderkit._kit.kit import Kit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Self

    from orderkit._kit.couponing import CouponRoom
    from orderkit._kit.running import StockRoom
    from orderkit._project import Project
    from orderkit.domain.stock import StockLevel, StockMove

T = TypeVar("T")
P = ParamSpec("P")


def _awaited(
    method: Callable[Concatenate[Kit, P], T],
) -> Callable[Concatenate[AsyncKit, P], Awaitable[T]]:
    async def call(self: AsyncKit, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(method, self.kit, *args, **kwargs)

    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


class AwaitedStockRoom:
    """Stock figures as asynchronous hosts set and read them."""

    def __init__(self, room: StockRoom) -> None:
        """Stand before a blocking one."""
        self._room = room

    async def set(self, sku: str, on_hand: int) -> StockLevel:
        """Set the units that lie in the warehouse; see `StockRoom.set`."""
        return await asyncio.to_thread(self._room.set, sku, on_hand)

    async def get(self, sku: str) -> StockLevel:
        """Read the figures of one sku; see `StockRoom.get`."""
        return await asyncio.to_thread(self._room.get, sku)

    async def ledger(self, sku: str) -> list[StockMove]:
        """List the movements of one sku; see `StockRoom.ledger`."""
        return await asyncio.to_thread(self._room.ledger, sku)


class AwaitedCouponRoom:
    """The verbs of a coupon room, awaited."""

    __slots__ = ("_room",)

    def __init__(self, room: CouponRoom) -> None:
        """Wrap a kit's coupon room."""
        self._room = room

    async def draw(self, promotion: str) -> list[str]:
        """Draw the codes that a batch still lacks; see `CouponRoom.draw`."""
        return await asyncio.to_thread(self._room.draw, promotion)

    async def list(self, promotion: str) -> list[tuple[str, str]]:
        """List a promotion's codes; see `CouponRoom.list`."""
        return await asyncio.to_thread(self._room.list, promotion)


class AsyncKit:
    """The same verbs, awaited: each command runs on a thread with a transaction of its own.

    Args:
        project: The compiled project.
        **options: Those of `Kit`: `store`, `effects`, `tables`, `clock`.
    """

    def __init__(self, project: Project, **options: Any) -> None:
        """Make the kit; options are those of `Kit`."""
        self.kit = Kit(project, **options)
        self.stock = AwaitedStockRoom(self.kit.stock)
        self.coupons = AwaitedCouponRoom(self.kit.coupons)

    async def __aenter__(self) -> Self:
        """Give the kit itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        await asyncio.to_thread(self.kit.close)

    place = _awaited(Kit.place)
    receive = _awaited(Kit.receive)
    fire = _awaited(Kit.fire)
    open = _awaited(Kit.open)
    refund = _awaited(Kit.refund)
    get = _awaited(Kit.get)
    find = _awaited(Kit.find)
    history = _awaited(Kit.history)
    actions = _awaited(Kit.actions)
    timers = _awaited(Kit.timers)
    outbox = _awaited(Kit.outbox)
    rejects = _awaited(Kit.rejects)
    quote = _awaited(Kit.quote)
    run_due = _awaited(Kit.run_due)
    deliver = _awaited(Kit.deliver)
    import_file = _awaited(Kit.import_file)
    import_files = _awaited(Kit.import_files)
    report = _awaited(Kit.report)
    work_once = _awaited(Kit.work_once)
    close = _awaited(Kit.close)
