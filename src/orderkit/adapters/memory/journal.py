"""What one transaction has changed, in the order it did, so that a failure can be taken back."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from orderkit.adapters.agreement import read_only

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Final = object()


class Journal:
    """Makes every change of the store's tables, and takes them back in reverse.

    Its size is that of the changes, not of the store: cases run hundreds of commands a second.
    """

    __slots__ = ("_changes", "_writes")

    def __init__(self) -> None:
        """Begin outside a transaction, where nothing may be changed."""
        self._changes: list[tuple[Any, Any, Any]] = []
        self._writes = False

    def begin(self, *, write: bool) -> None:
        """Begin a transaction.

        Args:
            write: Whether it may change something.
        """
        self._changes = []
        self._writes = write

    def end(self) -> None:
        """Let the changes stand."""
        self._changes = []
        self._writes = False

    def undo(self) -> None:
        """Take the changes back."""
        for place, key, before in reversed(self._changes):
            if key is _ABSENT:
                place.pop()
            elif before is _ABSENT:
                del place[key]
            else:
                place[key] = before
        self.end()

    def put(self, place: dict[K, V], key: K, value: V) -> None:
        """Add or replace one entry.

        Args:
            place: The table.
            key: Its key.
            value: The entry.

        Raises:
            StoreError: The transaction only reads.
        """
        self._note(place, key, place.get(key, _ABSENT))
        place[key] = value

    def drop(self, place: dict[K, V], key: K) -> None:
        """Remove one entry, if it is there.

        Args:
            place: The table.
            key: Its key.

        Raises:
            StoreError: The transaction only reads.
        """
        if key in place:
            self._note(place, key, place[key])
            del place[key]

    def add(self, place: list[V], value: V) -> None:
        """Append to a list.

        Args:
            place: The list.
            value: The entry.

        Raises:
            StoreError: The transaction only reads.
        """
        self._note(place, _ABSENT, None)
        place.append(value)

    def _note(self, place: Any, key: Any, before: Any) -> None:
        if not self._writes:
            raise read_only()
        self._changes.append((place, key, before))
