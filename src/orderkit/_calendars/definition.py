"""What an analyst may write under `calendars:`."""

from typing import Annotated

from pydantic import Field

from orderkit._text.definition import Definition, Located, Many, Text


class CalendarDefinition(Definition):
    """Which days and hours count as working time."""

    days: Annotated[
        Many[Located[Text]],
        Field(
            description="A country whose days stand in calendars/, such as CN, or days of the week",
            examples=["CN"],
        ),
    ]
    hours: Annotated[
        Many[Located[Text]],
        Field(description="Hours of a working day, the end exclusive", examples=["09:00 .. 18:00"]),
    ] = ()
    zone: Annotated[
        Located[Text] | None, Field(description="Zone of the hours; the project's without it")
    ] = None
