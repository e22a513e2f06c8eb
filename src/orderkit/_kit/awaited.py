"""The same verbs for asynchronous hosts, made from the blocking ones instead of written twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from orderkit._kit.kit import Kit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Self

    from orderkit._project import Project

T = TypeVar("T")
P = ParamSpec("P")


def _awaited(
    method: Callable[Concatenate[Kit, P], T],
) -> Callable[Concatenate[AsyncKit, P], Awaitable[T]]:
    async def call(self: AsyncKit, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(method, self.kit, *args, **kwargs)

    call.__name__, call.__doc__ = method.__name__, method.__doc__
    return call


class AsyncKit:
    """The same verbs, awaited: each command runs on a thread with a transaction of its own.

    Args:
        kit: The kit that does the work; `AsyncKit.of(project, ...)` makes both.
    """

    def __init__(self, project: Project, **options: Any) -> None:
        """Make the kit; options are those of `Kit`."""
        self.kit = Kit(project, **options)

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
    close = _awaited(Kit.close)
