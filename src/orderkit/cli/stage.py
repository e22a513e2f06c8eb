"""Where the demonstration speaks: one terminal, one language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


class Stage:
    """Where the demonstration speaks: one terminal, one language.

    Args:
        out: The terminal.
        zh: Whether in Chinese.
    """

    __slots__ = ("out", "zh")

    def __init__(self, out: Console, *, zh: bool) -> None:
        """Keep both."""
        self.out, self.zh = out, zh

    def title(self, en: str, zh: str) -> None:
        """Begin a part.

        Args:
            en: Its title in English.
            zh: Its title in Chinese.
        """
        self.out.print()
        self.out.rule(f"[bold]{zh if self.zh else en}[/]", align="left", style="cyan")

    def say(self, en: str, zh: str) -> None:
        """Say one thing.

        Args:
            en: In English; rich markup.
            zh: In Chinese; rich markup.
        """
        self.out.print(zh if self.zh else en, soft_wrap=True)

    def head(self, en: str, zh: str) -> None:
        """Head a table.

        Args:
            en: In English.
            zh: In Chinese.
        """
        self.out.print()
        self.out.print(f"[bold]{zh if self.zh else en}[/]")
