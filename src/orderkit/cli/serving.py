"""The command that answers editors over standard input and output."""

from __future__ import annotations

from importlib.util import find_spec

import click


@click.command(epilog='Example:  set your editor\'s server for YAML to "orderkit lsp"')
def lsp() -> None:
    """Serve editors: findings as you type, completion, hover, definition, references, rename."""
    if find_spec("pygls") is None:
        message = "the language server needs pygls: pip install 'orderkit[lsp]'"
        raise click.UsageError(message)
    from orderkit.lsp.server import serve

    serve()
