"""Without pygls everything else works, and the command says what to install."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_command_says_what_to_install_where_pygls_is_absent() -> None:
    done = run(
        "import sys, importlib.util as u; real = u.find_spec;\n"
        "u.find_spec = lambda name, *more: None if name == 'pygls' else real(name, *more)\n"
        "sys.argv = ['orderkit', 'lsp']\nfrom orderkit.cli import main; main()"
    )
    assert done.returncode == 2
    assert "pip install 'orderkit[lsp]'" in done.stderr
    assert done.stdout == ""


def test_nothing_else_imports_pygls() -> None:
    done = run("import sys, orderkit.cli.root; print('pygls' in sys.modules, 'lsprotocol' in sys.modules)")
    assert done.stdout.split() == ["False", "False"]
