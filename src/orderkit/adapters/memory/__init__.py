"""The store in memory: the reference other stores are held against, and the quick one for cases and tests.

It keeps what it is given: hosts that change a mapping inside an order they have read change the store's too.
"""

from orderkit.adapters.memory.clock import SimulatedClock
from orderkit.adapters.memory.store import MemoryStore

__all__ = ["MemoryStore", "SimulatedClock"]
