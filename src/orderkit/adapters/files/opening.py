"""From a path to a decoded file: tables keep every cell as text and every row with its physical line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zlib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderkit._channels.files import OpenedFile
from orderkit._diagnostics import Problem
from orderkit._text.table import csv_words
from orderkit.errors import InvalidOrder, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._channels.reading import Row

_LARGEST: Final = 512 << 20
_MEGA: Final = 1 << 20
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PACKED: Final = b"\x1f\x8b"
_BINARY: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS: Final = ",\t;"


def open_file(path: str | Path) -> OpenedFile:
    """Read one file whole.

    Args:
        path: A CSV or JSON file; packed by gzip or not.

    Returns:
        Its header with rows, or its objects.

    Raises:
        NotFound: It is not there.
        InvalidOrder: It cannot be decoded or is no such file; the problem says where.
    """
    place = Path(path)
    name = place.name
    try:
        with place.open("rb") as file:
            if os.fstat(file.fileno()).st_size > _LARGEST:
                raise _wrong("OK863", name, most=_LARGEST // _MEGA)
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        message = f"there is no file {str(path)!r}"
        raise NotFound(message) from None
    except IsADirectoryError:
        message = f"{str(path)!r} is a folder, not a file"
        raise NotFound(message) from None
    if data.startswith(_PACKED):
        data = _unpacked(data, name)
    if len(data) > _LARGEST:
        raise _wrong("OK863", name, most=_LARGEST // _MEGA)
    if data.startswith(_BINARY):
        raise _wrong("OK867", name)
    text = decode(data, name)
    if "\x00" in text:
        raise _wrong("OK867", name)
    suffixes = {one.lower() for one in place.suffixes}
    if suffixes & {".json", ".jsonl", ".ndjson"}:
        return _objects(text, name)
    return read_csv(text, name)


def decode(data: bytes, name: str) -> str:
    """Decode strictly: a mark decides, else UTF-8, else GB18030; nothing is guessed beyond that.

    Args:
        data: The file's bytes.
        name: The file's name.

    Returns:
        The text.

    Raises:
        InvalidOrder: It is none of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start, name) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        # The later of the two is where the likelier encoding ends.
        raise _undecodable(data, max(start, error.start), name) from None


def read_csv(text: str, name: str) -> OpenedFile:
    """Split a table into rows; a quoted line break does not shift the lines that follow.

    Args:
        text: The whole file.
        name: Its name.

    Returns:
        Header and rows; rows without any text are left out.

    Raises:
        InvalidOrder: A quote is never closed, or there is no header.
    """
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    number = before = 0
    width = 0
    try:
        for cells in reader:
            if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
                if not header:
                    header = tuple(cells)
                    width = len(header)
                else:
                    number += 1
                    if len(cells) > width and not any(cells[width:]):
                        del cells[width:]
                    rows.append((before + 1, number, tuple(cells)))
            before = reader.line_num
    except csv.Error as error:
        raise _wrong("OK861", name, line=before + 1, **csv_words(error)) from None
    if not any(cell.strip() for cell in header):
        raise _wrong("OK865", name)
    return OpenedFile(name, header, rows)


def _delimiter(text: str) -> str:
    # The header decides: it is the one row whose cells hold no delimiters of their own.
    first = text[: text.find("\n")] if "\n" in text else text
    return max(_DELIMITERS, key=first.count)


def _objects(text: str, name: str) -> OpenedFile:
    try:
        found = _parsed(text)
    except json.JSONDecodeError as error:
        raise _wrong("OK864", name, **_json_words(error.lineno, error.colno)) from None
    except ValueError as error:
        raise _wrong("OK864", name, said=error, said_zh=error) from None
    except RecursionError:
        raise _wrong("OK864", name, said="it is nested too deep", said_zh="嵌套过深") from None
    members = found if isinstance(found, list) else [found]
    if not members or not all(isinstance(one, dict) for one in members):
        raise _wrong("OK866", name)
    payloads: list[Mapping[str, Any]] = members
    return OpenedFile(name, tuple(str(key) for key in payloads[0]), payloads=payloads)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
    found: list[Any] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                found.append(json.loads(line, parse_float=Decimal, parse_constant=_refuse))
            except json.JSONDecodeError as error:
                # The reader counts from the line it was given; people count from the top of the file.
                error.lineno = number
                raise
    return found


def _json_words(line: int, column: int) -> dict[str, str]:
    return {
        "said": f"line {line} cannot be read at column {column}",
        "said_zh": f"第 {line} 行第 {column} 列无法读取",
    }


def _refuse(word: str) -> Any:
    message = f"{word} is no number"
    raise ValueError(message)


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _wrong("OK861", name, line=0, said=error, said_zh="压缩文件已损坏") from None


def _undecodable(data: bytes, offset: int, name: str) -> InvalidOrder:
    return _wrong("OK860", name, line=data.count(b"\n", 0, offset) + 1, byte=f"0x{data[offset]:02X}")


def _wrong(code: str, name: str, **params: object) -> InvalidOrder:
    texts = {key: str(value) for key, value in params.items()}
    return InvalidOrder((Problem(code, "file", name, {"file": name, **texts}),))
