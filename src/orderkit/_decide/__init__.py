"""One decision from command to facts: flow step, effects, rules, automatic steps, until nothing is left.

Pure: no clock, no chance, no database. The caller reads the order and its stock, calls one of the
functions here, and writes what `changes` gives, all in one transaction.
"""

from orderkit._decide.decision import begin, changes, fire, open_draft, run_timer, settle
from orderkit._decide.moves import cover, open_part

__all__ = ["begin", "changes", "cover", "fire", "open_draft", "open_part", "run_timer", "settle"]
