"""The command that answers editors over standard input and output."""

from __future__ import annotations

from importlib.util import find_spec

import click

from orderkit.cli.usage import Misuse


@click.command(epilog='Example:  set your editor\'s server for YAML to "orderkit lsp"')
def lsp() -> None:
    """Serve editors: findings as you type, completion, hover, definition, references, rename."""
    if find_spec("pygls") is None:
        en = "the language server needs pygls: pip install 'orderkit[lsp]'"
        raise Misuse(en, "语言服务器需要 pygls：请运行 pip install 'orderkit[lsp]'")
    from orderkit.lsp.server import serve

    serve()
