"""Opens the files that channels drop: CSV in the encodings that occur, packed or not, and JSON."""

from orderkit.adapters.files.opening import open_file

__all__ = ["open_file"]
