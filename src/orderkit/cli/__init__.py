"""The command line: data on standard output, all else on standard error, no traceback for a mistake."""


def main() -> None:
    """Run the command line; the entry point of the `orderkit` script."""
    from orderkit.cli.root import run

    run()
