"""What a host can ask for, as generators that yield calls of the store's roles.

A command never touches a store itself: it yields `Call`s and is sent their answers, so that one script
serves the blocking and the awaiting driver, and a test can answer it from a list.
"""

from orderkit._commands.calls import Ask, Call, answer

__all__ = ["Ask", "Call", "answer"]
