"""CSV files that a project brings along, such as its catalog: every cell text, every row with its line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Args:
        line: Physical line it begins on, from 1.
        values: Cells by header, blanks at both ends removed.
    """

    line: int
    values: Mapping[str, str]


def read_table(data: bytes) -> list[Row]:
    """Read a UTF-8 CSV file with one header row.

    Args:
        data: The file's bytes.

    Returns:
        Its rows.

    Raises:
        ValueError: It is not UTF-8, or a quote is never closed.
    """
    text = data.decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        before = reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
                rows.append(Row(before + 1, values))
            before = reader.line_num
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return rows
