"""Lets `python -m orderkit` be the command line."""

from orderkit.cli import main

if __name__ == "__main__":
    main()
