"""The language server: answers of pure functions on an inspected project, and a thin layer that speaks."""
