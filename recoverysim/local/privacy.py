"""Privacy: what must not come in, and what may go out.

Files of clients are about people's health. Columns and cells that could tell who somebody is are
refused, free text too, and what was found in them is not repeated. Of what is read only counts
remain, to the nearest five and never below five, so that nothing derived from them, however it is
printed or subtracted, can give a smaller count away.
"""

from __future__ import annotations

import re

FEWEST_TOLD = 5
FEW_COUNT_AS = 2  # anything from 0 to 4
FEWEST_TO_FIT = 20  # people; with fewer, a share says more about them than about an area

# Words in the name of a column that tell who somebody is, by themselves or as a part of the name.
IDENTIFYING = {
    "a name": ("name", "names", "initials", "title", "username"),
    "a number that a register gives": (
        "nhs", "chi", "ni", "nino", "id", "ids", "identifier", "mrn", "number", "ref", "reference",
        "licence", "license", "ip",
    ),
    "a date of birth": ("dob", "birth", "birthday", "born", "date"),
    "an address": ("address", "street", "road", "house", "town", "zip", "lat", "lon", "postal"),
    "a way to reach somebody": ("phone", "tel", "mobile", "email", "mail", "fax", "url"),
    "a link to another person": ("gp", "kin", "partner", "carer", "mother", "father"),
}  # fmt: skip
IDENTIFYING_PARTS = {
    "a name": ("forename", "surname", "firstname", "lastname", "fullname", "middlename"),
    "a number that a register gives": ("nhsn", "insurance", "passport", "hospitaln", "chinumber"),
    "a date of birth": ("birth",),
    "an address": ("postcode", "address", "latitude", "longitude", "uprn"),
    "a way to reach somebody": ("phone", "email", "telephone"),
}
FREE_TEXT = (
    "note", "notes", "comment", "comments", "remark", "remarks", "text", "description", "details",
    "narrative", "summary", "history", "diagnosis", "reason", "other_information",
)  # fmt: skip

LOOKS_LIKE = {
    "a date": re.compile(
        r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(19|20)\d{6}"
        r"|\d{1,2}(st|nd|rd|th)?[ -][a-z]{3,9}[ -]\d{2,4}([ T].*)?",
        re.IGNORECASE,
    ),
    "an NHS or CHI number": re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}"),
    "a National Insurance number": re.compile(
        r"[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]", re.IGNORECASE
    ),
    "a telephone number": re.compile(r"(\+|00)\d[\d ()-]{8,16}|\(?0\d[\d ()-]{7,13}\d"),
    "a postcode": re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}", re.IGNORECASE),
    "an e-mail address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "a number that a register gives": re.compile(r"\D*\d{7,}\D*"),
}
FEWEST_CHARACTERS = 5  # of anything above
A_NAME = re.compile(r"[A-Z][a-z'’-]+,?( [A-Z][a-z'’-]+)+")


def what_a_column_tells(column: str) -> str | None:
    """What identifying thing a column of this name would hold; None where there is none.

    `column` is in lower case, its words joined by underscores.
    """
    words = set(column.split("_"))
    for what, names in IDENTIFYING.items():
        if words.intersection(names):
            return what
    run_together = column.replace("_", "")
    for what, parts in IDENTIFYING_PARTS.items():
        if any(part in run_together for part in parts):
            return what
    return None


def is_free_text(column: str) -> bool:
    """Whether a column of this name would hold sentences about people."""
    return column in FREE_TEXT or not set(column.split("_")).isdisjoint(FREE_TEXT)


def what_a_cell_tells(cell: str) -> str | None:
    """What identifying thing this cell looks like; None where it looks like none."""
    if not cell or cell.isalpha() or len(cell) < FEWEST_CHARACTERS:
        return None
    return next((what for what, form in LOOKS_LIKE.items() if form.fullmatch(cell)), None)


def looks_like_a_name(cell: str) -> bool:
    """Two or more words, each with a capital letter."""
    return A_NAME.fullmatch(cell) is not None


def discreet(count: float) -> int:
    """A count of people as it may be kept: to the nearest five; below five, always the same."""
    return FEW_COUNT_AS if count < FEWEST_TOLD else 5 * int(count / 5 + 0.5)


def told(kept: int) -> str:
    """A count that was kept so, in words for people."""
    return f"fewer than {FEWEST_TOLD}" if kept < FEWEST_TOLD else f"{kept:,}"
