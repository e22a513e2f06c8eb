"""The facts of the order business, written with the standard library alone."""
