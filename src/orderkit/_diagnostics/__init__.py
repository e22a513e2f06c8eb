"""What is wrong, where, and how to mend it: one closed table of messages in English and Chinese."""

from orderkit._diagnostics.collector import Collector
from orderkit._diagnostics.diagnostic import Diagnostic, Problem, Related, Severity
from orderkit._diagnostics.span import NOWHERE, Span

__all__ = ["NOWHERE", "Collector", "Diagnostic", "Problem", "Related", "Severity", "Span"]
