"""The root command: lists the others without importing them, and turns failures into exit codes."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from importlib import import_module
from typing import Final

import click

_COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("orderkit.cli.starting:init", "Start a project from a template."),
    "check": ("orderkit.cli.checking:check", "Find every mistake of a project, with its place and remedy."),
    "fmt": ("orderkit.cli.formatting:fmt", "Give the YAML of a project one layout."),
    "test": ("orderkit.cli.testing:test", "Play the project's cases in simulated time."),
    "price": ("orderkit.cli.pricing:price", "Price a cart and explain every amount."),
    "order": ("orderkit.cli.orders:order", "Place, move, show and refund orders."),
    "stock": ("orderkit.cli.stocking:stock", "Set and read stock."),
    "coupons": ("orderkit.cli.couponing:coupons", "Draw and list single-use codes."),
    "import": ("orderkit.cli.importing:import_", "Import order files through a channel."),
    "rejects": ("orderkit.cli.importing:rejects", "List rows that could not be taken."),
    "report": ("orderkit.cli.reporting:report", "Compute a report."),
    "worker": ("orderkit.cli.working:worker", "Run due timers and deliver messages."),
    "outbox": ("orderkit.cli.working:outbox", "List messages and what became of them."),
    "why": ("orderkit.cli.orders:why", "Tell why an order can or cannot move."),
    "diagram": ("orderkit.cli.checking:diagram", "Draw a life cycle."),
    "schema": ("orderkit.cli.generating:schema", "Write JSON Schemas for editors."),
    "types": (
        "orderkit.cli.generating:types",
        "Write the types of the orders as Python.",
    ),
    "lsp": ("orderkit.cli.serving:lsp", "Serve editors as a language server."),
    "explain": ("orderkit.cli.explaining:explain", "Explain the code of a finding."),
    "demo": ("orderkit.cli.demo:demo", "See the main job on two example projects."),
}


class _Lazy(click.Group):
    """Imports a command when it is run, so that `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from orderkit._diagnostics.suggest import closest
            from orderkit.cli.usage import Misuse, meant

            near = closest(name, _COMMANDS)
            told = f" Did you mean {near!r}?" if near else ""
            zh = f"没有命令“{name}”" + meant([near] if near else [])
            raise Misuse(f"No such command {name!r}.{told}", zh, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in _COMMANDS.items()])


def _version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's form
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"orderkit {version('orderkit')}")
        ctx.exit()


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with:  orderkit demo",
)
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Show the version."
)
def cli() -> None:
    """Run the order business from reviewed YAML: check it, test it, run it, explain it."""


def run() -> None:
    """Run the command line and leave with the exit code its outcome has.

    0 fine, 1 findings or refusal, 2 wrong usage or nothing there, 70 a mistake in orderkit, 130 interrupted.
    """
    try:
        code = cli.main(standalone_mode=False, prog_name="orderkit")
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        sys.exit(_misused(error))
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - what no command expects is a mistake of ours
        sys.exit(_ours(error))


def _misused(error: click.ClickException) -> int:
    """Tell a mistake that was found before any command ran; what was asked for is read from the words."""
    from orderkit._diagnostics.formats import FORMS
    from orderkit.cli.context import Settings
    from orderkit.cli.failures import fail
    from orderkit.cli.usage import asked

    words = sys.argv[1:]
    lang = asked(words, "--lang", "ORDERKIT_LANG", ("en", "zh"))
    tongue = Settings(None, "", None, lang or None, "human").tongue()
    if isinstance(error, click.UsageError):
        return fail(error, lang=tongue, form=asked(words, "--format", "ORDERKIT_FORMAT", FORMS))
    error.show()
    return 2


def _ours(error: Exception) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="orderkit-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    click.echo(f"orderkit made a mistake: {type(error).__name__}: {error}\nDetails: {file.name}", err=True)
    return 70
