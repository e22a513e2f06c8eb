"""The expression language of analysts: text in, statically typed and bounded programs out."""

from orderkit._expr.clauses import Clause, ClauseIndex
from orderkit._expr.compiler import Program, compile_expression
from orderkit._expr.failure import NotComputable, Reason
from orderkit._expr.functions import FUNCTIONS, Function, column_key
from orderkit._expr.step import Step
from orderkit._expr.syntax import SourceText
from orderkit._expr.template import Template, compile_template
from orderkit._expr.types import (
    BARE_COUNT,
    BARE_DECIMAL,
    BOOLEAN,
    COUNT,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    MONEY,
    PERCENT,
    TEXT,
    Kind,
    Scope,
    Type,
    bare,
    choice,
    describe,
    list_of,
    optional,
    record,
    required,
)

__all__ = [
    "BARE_COUNT",
    "BARE_DECIMAL",
    "BOOLEAN",
    "COUNT",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DURATION",
    "FUNCTIONS",
    "MONEY",
    "PERCENT",
    "TEXT",
    "Clause",
    "ClauseIndex",
    "Function",
    "Kind",
    "NotComputable",
    "Program",
    "Reason",
    "Scope",
    "SourceText",
    "Step",
    "Template",
    "Type",
    "bare",
    "choice",
    "column_key",
    "compile_expression",
    "compile_template",
    "describe",
    "list_of",
    "optional",
    "record",
    "required",
]
