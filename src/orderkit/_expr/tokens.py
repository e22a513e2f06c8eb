"""The first look at an expression's characters: what is no part of the language gets its own message here."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from orderkit._diagnostics import Collector
    from orderkit._expr.place import Place

MAX_DIGITS: Final = 28
MAX_DEPTH: Final = 32
_MAX_MISTAKES: Final = 5

_SPACE: Final = " \t\n"
_NUMBER: Final = re.compile(r"[0-9]+\.[0-9]+|[0-9]+|\.[0-9]+")
_SIGNS: Final = (
    "===", "!==", "...", "**=", "//=", "<<", ">>", "->", ":=", "+=", "-=", "*=", "/=", "%=", "=>", "=<", "<>",
    "&&", "||", "**", "//", "==", "!=", "<=", ">=",
)  # fmt: skip
_OURS: Final = frozenset({"==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", "."})
_INSTEAD: Final[dict[str, str]] = {
    "===": "==", "!==": "!=", "=>": ">=", "=<": "<=", "<>": "!=", "&&": "and", "||": "or", "&": "and",
    "|": "or", "!": "not",
}  # fmt: skip
_WIDE: Final[dict[str, str]] = {
    "＞": ">", "＜": "<", "＝": "==", "≥": ">=", "≤": "<=", "≠": "!=", "≧": ">=", "≦": "<=", "（": "(",
    "）": ")",
    "［": "[", "］": "]", "【": "[", "】": "]", "，": ",", "、": ",", "。": ".", "．": ".", "＋": "+",
    "－": "-",
    "−": "-", "–": "-", "—": "-", "＊": "*", "×": "*", "／": "/", "÷": "/", "“": "'", "”": "'", "‘": "'",
    "’": "'", "＂": "'", "＇": "'", "「": "'", "」": "'", "！": "not", "＆": "and", "｜": "or",
}  # fmt: skip
_WORDS: Final[dict[str, str]] = {
    "and": "and", "or": "or", "not": "not", "in": "in", "if": "if", "else": "else", "for": "for",
    "且": "and", "并且": "and", "和": "and", "与": "and", "或": "or", "或者": "or", "非": "not", "不": "not",
}  # fmt: skip
OUR_WORDS: Final = frozenset({"and", "or", "not", "in", "if", "else", "for"})
FOREIGN_WORDS: Final = frozenset({
    "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "except", "finally",
    "from", "global", "import", "is", "lambda", "nonlocal", "pass", "raise", "return", "try", "while", "with",
    "yield",
})  # fmt: skip
_MISSPELT: Final[dict[str, str]] = {"True": "true", "False": "false", "None": "none"}
_PAIRS: Final[dict[str, str]] = {")": "(", "]": "["}
_ESCAPED: Final = "\\'\""
_PLAIN: Final = re.compile(
    r"([ \t\n]*)(?:"
    r"([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_'\"]|[^\x00-\x7f])"
    r"|([0-9]{1,12}(?:\.[0-9]{1,12})?)(?![A-Za-z0-9_.]|[^\x00-\x7f])"
    r"|('[ -&(-\[\]-~]*'|\"[ !#-\[\]-~]*\")"
    r"|([()\[\],]|\.(?![.0-9])|(?:==|!=|<=|>=|[<>+*/-])(?![=<>*/]))"
    r")"
).findall
"""What nearly every expression is made of; all else is looked at character by character."""


class Sort(StrEnum):
    """What a token is."""

    NAME = "name"
    WORD = "word"
    NUMBER = "number"
    TEXT = "text"
    SIGN = "sign"


_COUNTED: Final = frozenset("()[]-+")
"""Signs that `_brackets` looks at."""
_JOINS: Final = (Sort.SIGN, Sort.WORD)
_ODD_WORDS: Final = FOREIGN_WORDS | frozenset(_MISSPELT)


class Token(NamedTuple):
    """A stretch of the expression that belongs together.

    Args:
        sort: What it is.
        text: As written.
        start: Code points from the start of the expression.
        end: The same, exclusive.
    """

    sort: Sort
    text: str
    start: int
    end: int


class Scanner:
    """Splits one expression into tokens and reports every character that has no business there.

    Args:
        place: Where the expression stands.
        text: The expression.
        found: Takes the mistakes.
    """

    __slots__ = ("_at", "_found", "_left", "_place", "_text", "_tokens")

    def __init__(self, place: Place, text: str, found: Collector) -> None:
        """Begin at the first character."""
        self._place = place
        self._text = text
        self._found = found
        self._at = 0
        self._left = _MAX_MISTAKES
        self._tokens: list[Token] = []

    def scan(self) -> tuple[Token, ...] | None:
        """Read to the end.

        Returns:
            The tokens, or None where a mistake was reported.
        """
        nested = self._plain()
        if nested is None:
            while self._at < len(self._text) and self._left > 0:
                self._next()
            if self._left == _MAX_MISTAKES:
                self._neighbours()
        if nested is not False and self._left == _MAX_MISTAKES:
            self._brackets()
        return tuple(self._tokens) if self._left == _MAX_MISTAKES else None

    def _wrong(self, code: str, start: int, end: int, *, suggestion: str = "", **params: object) -> None:
        self._left -= 1
        self._found.add(code, self._place.at(start, end), related=(), suggestion=suggestion, **params)

    def _take(self, sort: Sort, end: int) -> None:
        self._tokens.append(Token(sort, self._text[self._at : end], self._at, end))
        self._at = end

    def _plain(self) -> bool | None:
        """Cut a text of nothing but tokens that cannot be wrong where they stand.

        Returns:
            Whether signs are among them that may be too deep; None where the text is more than that.
        """
        text, make, at, before = self._text, tuple.__new__, 0, ""
        operand = bracketed = False
        for blank, name, number, quoted, sign in _PLAIN(text):
            at += len(blank)
            beside, operand = operand, True
            if name:
                word, sort = name, Sort.NAME
                if word in _ODD_WORDS:
                    break
                if word in OUR_WORDS and before != ".":
                    sort, operand = Sort.WORD, False
                    bracketed = bracketed or word == "not"
            elif number:
                word, sort = number, Sort.NUMBER
            elif quoted:
                word, sort = quoted, Sort.TEXT
            else:
                word, sort, operand = sign, Sort.SIGN, False
                bracketed = bracketed or sign in _COUNTED
            if operand and beside:
                break
            before = word
            end = at + len(word)
            self._tokens.append(make(Token, (sort, word, at, end)))
            at = end
        else:
            # Where something was passed over, the lengths do not add up.
            if at == len(text.rstrip(_SPACE)):
                return bracketed
        self._tokens.clear()
        return None

    def _next(self) -> None:
        char = self._text[self._at]
        if char in _SPACE:
            self._at += 1
        elif char in "'\"":
            self._quoted(char)
        elif char in "0123456789" or (char == "." and self._text[self._at + 1 : self._at + 2].isdigit()):
            self._number()
        elif char.isidentifier():
            self._name()
        else:
            self._sign(char)

    def _run_of_name(self, start: int) -> int:
        end = start
        while end < len(self._text) and ("_" + self._text[end]).isidentifier():
            end += 1
        return end

    def _number(self) -> None:
        match = _NUMBER.match(self._text, self._at)
        end = match.end() if match else self._at + 1
        stop = self._run_of_name(end)
        if stop > end or not match or self._text[end : end + 1] == ".":
            stop = max(stop, end + (self._text[end : end + 1] == "."))
            self._wrong("OK519", self._at, stop, found=self._text[self._at : stop][:40])
            self._at = stop
        elif end - self._at > MAX_DIGITS:
            self._wrong("OK518", self._at, end, limit=MAX_DIGITS)
            self._at = end
        else:
            self._take(Sort.NUMBER, end)

    def _name(self) -> None:
        end = self._run_of_name(self._at)
        text = self._text[self._at : end]
        plain = unicodedata.normalize("NFKC", text)
        after_dot = bool(self._tokens) and self._tokens[-1].text == "."
        if self._text[end : end + 1] in ("'", '"'):
            self._wrong("OK520", self._at, end, found=text)
        elif plain != text:
            self._wrong("OK511", self._at, end, suggestion=plain, found=text)
        elif text in FOREIGN_WORDS:
            self._wrong(
                "OK513", self._at, end, suggestion="==" if text == "is" and not after_dot else "", found=text
            )
        elif text in _MISSPELT:
            self._wrong("OK335", self._at, end, suggestion=_MISSPELT[text], found=text)
        else:
            self._take(Sort.WORD if text in OUR_WORDS and not after_dot else Sort.NAME, end)
            return
        self._at = end

    def _quoted(self, quote: str) -> None:
        start, at = self._at, self._at + 1
        while at < len(self._text) and self._text[at] != quote and self._text[at] != "\n":
            if self._text[at] == "\\":
                if self._text[at + 1 : at + 2] not in _ESCAPED or at + 1 >= len(self._text):
                    self._wrong("OK521", at, at + 2)
                at += 1
            at += 1
        if self._text[at : at + 1] != quote:
            self._wrong("OK506", start, start + 1, quote=quote)
            self._at = len(self._text)
            return
        inside = self._text[start + 1 : at]
        bad = next((i for i, char in enumerate(inside) if _invisible(char)), None)
        if bad is not None:
            self._invisible(start + 1 + bad)
        elif not unicodedata.is_normalized("NFC", inside):
            self._wrong("OK511", start, at + 1, suggestion=unicodedata.normalize("NFC", inside), found=inside)
        self._take(Sort.TEXT, at + 1)

    def _invisible(self, at: int) -> None:
        char = self._text[at]
        name = unicodedata.name(char, "")
        self._wrong("OK510", at, at + 1, found=f"U+{ord(char):04X} {name}".strip())

    def _sign(self, char: str) -> None:
        sign = next((one for one in _SIGNS if self._text.startswith(one, self._at)), char)
        end = self._at + len(sign)
        if sign in _OURS:
            self._take(Sort.SIGN, end)
            return
        if sign == "=":
            self._wrong("OK507", self._at, end, suggestion="==")
        elif sign in _INSTEAD:
            self._wrong("OK508", self._at, end, suggestion=_INSTEAD[sign], found=sign)
        elif sign in _WIDE:
            self._wrong("OK509", self._at, end, suggestion=_WIDE[sign], found=sign)
        elif _invisible(char) or char.isspace():
            self._invisible(self._at)
        elif sign.isascii():
            self._wrong("OK512", self._at, end, found=sign)
        else:
            self._wrong("OK514", self._at, end, found=sign)
        self._at = end

    def _neighbours(self) -> None:
        for left, right in pairwise(self._tokens):
            if self._left == 0:
                return
            if left.sort in _JOINS or right.sort in _JOINS:
                continue
            for one in (left, right):
                meant = _WORDS.get(one.text.lower(), "")
                if one.sort is Sort.NAME and meant:
                    self._wrong("OK508", one.start, one.end, suggestion=meant, found=one.text)
                    return
            self._wrong("OK505", right.start, right.end, before=left.text[:40], found=right.text[:40])

    def _brackets(self) -> None:
        open_: list[Token] = []
        unary = 0
        for token in self._tokens:
            if token.sort not in _JOINS:
                unary = 0
                continue
            unary = unary + 1 if token.text in ("-", "not", "+") else 0
            if token.sort is Sort.SIGN and token.text in "([":
                open_.append(token)
            closes = token.sort is Sort.SIGN and token.text in _PAIRS
            if closes and (not open_ or open_.pop().text != _PAIRS[token.text]):
                self._wrong("OK504", token.start, token.end, bracket=token.text)
                return
            if len(open_) > MAX_DEPTH or unary > MAX_DEPTH:
                self._wrong("OK503", token.start, token.end, limit=MAX_DEPTH)
                return
        for token in open_[:1]:
            self._wrong("OK504", token.start, token.end, bracket=token.text)


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def spoken(token: str) -> str:
    """Read a text literal's content: the quotes and the three escapes that exist.

    Args:
        token: The literal as written, quotes included.

    Returns:
        The text it stands for.
    """
    return re.sub(r"\\(.)", r"\1", token[1:-1])
