"""Local files as a stranger might send them: each must be refused, quickly and in plain words.

A name, the key that names the file, the file's content, and a word that the refusal should hold.
"""

from typing import NamedTuple

WHO, CARE = "population.from", "services.from"
PEOPLE = "code,substance,sex,age\n"
TOTALS = "characteristic,value,people\n"
SERVICES = "code,kind,places,started_a_year,peer_share,none_share\n"
LARGEST = 4 * 2**20
ROWS = "".join(f"C{number},alcohol,women,40\n" for number in range(30))


class HostileSheet(NamedTuple):
    name: str
    key: str
    content: bytes
    word: str = ""


def person(**cells: str) -> str:
    """Enough good rows, and one that is as given."""
    row = {"code": "C99", "substance": "alcohol", "sex": "men", "age": "40"} | cells
    return PEOPLE + ROWS + ",".join(row.values()) + "\n"


def column(name: str) -> str:
    return f"{name},substance\n" + "x,alcohol\n" * 30


IDENTIFYING = [
    "name", "Name", "client name", "First Name", "Surname", "fullname", "initials", "NHS number",
    "nhs_no", "NHSNumber", "CHI", "CHI number", "client id", "ID", "patient_id", "NI number",
    "Date of birth", "DOB", "DateOfBirth", "birth year", "start date", "postcode", "Post Code 1",
    "home address", "Address line 1", "phone", "Telephone", "mobile", "email", "E-mail", "GP",
    "next of kin", "passport", "hospital number", "MRN", "reference", "ip address", "latitude",
]  # fmt: skip
FREE = ["notes", "Comments", "case notes", "free text", "diagnosis", "reason for leaving"]
TELLING = {
    "a date of birth": "12/03/1980", "a date, ISO": "1980-03-12", "a date in words": "12 Mar 1980",
    "a date in digits": "19800312", "a time": "1 Jan 1980 00:00", "an NHS number": "943 476 5919",
    "an NHS number in one": "9434765919", "an NHS number with dashes": "943-476-5919",
    "a postcode": "EH8 9YL", "a postcode in one": "sw1a1aa", "an e-mail": "a.b@example.org",
    "a telephone": "0131 496 0000", "a mobile": "+44 7700 900123", "an NI number": "QQ 12 34 56 C",
    "a long number": "1234567",
}  # fmt: skip

WHO_TEXTS = {
    **{f"column {name}": (column(name), "Delete the column") for name in (*IDENTIFYING, *FREE)},
    **{f"cell with {what}": (person(sex=cell), "not shown") for what, cell in TELLING.items()},
    **{f"code that is {what}": (person(code=cell), "not shown") for what, cell in TELLING.items()},
    "a name for a code": (person(code="Smith"), "not a code"),
    "a name for a sex": (person(sex="Jane Smith"), "not shown"),
    "a sentence": (person(sex="came with her sister and told us of her whole life"), "free text"),
    # What a spreadsheet could run.
    "formula": (person(sex="=1+1"), "formula"),
    "formula to a shell": (person(sex="=cmd|' /C calc'!A0"), "formula"),
    "formula with a sign": (person(age="+40"), "formula"),
    "formula with an at": (person(sex="@SUM(1)"), "formula"),
    "below nought": (person(age="-40"), "formula"),
    "formula in a header": ("=1+1,substance\n" + "x,alcohol\n" * 30, "not read"),
    # Shapes.
    "nothing": ("", "is empty"),
    "only blank lines": ("\n\n,,,\n \n", "is empty"),
    "header only": (PEOPLE, "no rows"),
    "no header": ("C1,alcohol,women,12/03/1980\nC2,alcohol,men,13/03/80\n", "names of the columns"),
    "no header, and ages": ("alcohol,women,40\nopioids,men,41\n", "names of the columns"),
    "nothing that is read": ("colour,shape\nred,round\n", "names no column"),
    "unknown column": (column("shoe_size"), "shoe_size"),
    "nearly known column": ("substanse,sex\nalcohol,men\n", "substance"),
    "column without a name": (column(""), "no name"),
    "column twice": ("sex,sex\nmen,men\n", "twice"),
    "column twice, once in capitals": ("sex,SEX\nmen,men\n", "twice"),
    "too many columns": (",".join(f"c{n}" for n in range(50)) + "\n1\n", "50 columns"),
    "a cell too few": (PEOPLE + ROWS + "C99,alcohol,men\n", "3 cells"),
    "a cell too many": (PEOPLE + ROWS + "C99,alcohol,men,40,x\n", "5 cells"),
    "quote not closed": (PEOPLE + ROWS + 'C99,"alcohol,men,40\n', "quote"),
    "quote not closed in the header": ('"code,substance\nC1,alcohol\n', "quote"),
    "text behind a quote": (PEOPLE + ROWS + 'C99,"alcohol"x,men,40\n', "quote"),
    "break in a cell": (PEOPLE + ROWS + 'C99,"alco\nhol",men,40\n', "break"),
    "tabs": (PEOPLE.replace(",", "\t") + "C1\talcohol\tmen\t40\n", "tabs"),
    "sep=": ("sep=;\nsubstance;sex\nalcohol;men\n", "sep="),
    "old Macintosh": ("substance,sex\ralcohol,men\r" * 10, "CSV"),
    "a long line": (PEOPLE + "C1," + "x" * 5000 + "\n", "longer than"),
    "one long line": ("x" * LARGEST, "longer than"),
    "too many rows": ("sex\n" + "m\n" * 20_000, "20,000 rows"),
    "one byte too many": (PEOPLE + "\n" * LARGEST, "4 MiB"),
    "many faults": (PEOPLE + "C1,beer,x,7\n" * 19_000, "and "),
    "a page": ("<!DOCTYPE html>\n<html><body>\n", "names no column"),
    "JSON": ('[{"substance": "alcohol"}]\n', "names no column"),
    "YAML": ("substance: alcohol\nsex: men\n", "names no column"),
    # Words and numbers.
    "a word that is none": (person(substance="beer"), "alcohol, opioids, stimulants"),
    "a word nearly right": (person(sex="wommen"), "Did you mean women?"),
    "a child": (person(age="12"), "18 to 110"),
    "an age of nobody": (person(age="150"), "18 to 110"),
    "an endless age": (person(age="9" * 39), "age"),
    "an age in words": (person(age="forty"), "age"),
    "an age in another script": (person(age="٤٠"), "age"),
    "an age with a fraction": (person(age="40.5"), "age"),
    "a band upside down": (person(age="40-30"), "lower age first"),
    "code twice": (person(code="C1"), "row 3 too"),
    "code twice, in small letters": (person(code="c1"), "row 3 too"),
    "no code": (person(code=""), "column code"),
    "a code like markup": (person(code="<b>1</b>"), "not a code"),
    "the template's people left in": (person(code="SIM-001"), "Delete their rows"),
    "an overlong cell": (person(sex="x" * 200), "free text"),
    "terminal codes": (person(sex="\x1b[31mred"), "cannot be printed"),
    "written from right to left": (person(sex="\u202enem"), "cannot be printed"),
    "few people": ("sex\n" + "women\n" * 19, "fewer than 20"),
    # Totals.
    "totals without people": ("characteristic,value\nsex,women\n", "column people"),
    "totals of few": (TOTALS + "sex,women,9\nsex,men,10\n", "fewer than 20"),
    "totals of nothing known": (TOTALS + "colour,red,100\n", "colour"),
    "totals twice": (TOTALS + "sex,women,30\nsex,women,40\n", "row 2"),
    "totals twice in other words": (TOTALS + "sex,women,30\nsex,female,40\n", "row 2"),
    "bands that overlap": (TOTALS + "age,25-34,30\nage,30-39,40\n", "row 2"),
    "part of a person": (TOTALS + "sex,women,30.5\n", "whole number"),
    "fewer than nobody": (TOTALS + "sex,women,-3\n", "formula"),
    "people in words": (TOTALS + "sex,women,many\n", "whole number"),
    "people without end": (TOTALS + "sex,women,1e999\n", "whole number"),
    "people not a number": (TOTALS + "sex,women,nan\n", "whole number"),
    "people infinite": (TOTALS + "sex,women,inf\n", "whole number"),
    "no people": (TOTALS + "sex,women,\n", "whole number"),
    "a comma out of place": (TOTALS + 'sex,women,"12,50"\n', "whole number"),
    "a comma between semicolons": (TOTALS.replace(",", ";") + "sex;women;1,250\n", "1250"),
    "another substance for sex": (
        "characteristic,value,people,of\nsex,women,30,alcohol\n", "age and injecting"
    ),
}  # fmt: skip


def service(**cells: str) -> str:
    row = {"code": "S01", "kind": "detox", "places": "3", "started_a_year": "75", "peer_share": "",
           "none_share": ""} | cells  # fmt: skip
    return SERVICES + ",".join(row.values()) + "\n"


CARE_TEXTS = {
    "service with a name": (column("service name"), "Delete the column"),
    "service with a manager": (SERVICES.replace("code", "manager"), "code"),
    "service called by name": (service(code="Riverside"), "not a code"),
    "service called by its address": (service(code="1 High St"), "not a code"),
    "service of no kind": (service(kind=""), "residential"),
    "service of a kind that is none": (service(kind="rehab"), "residential"),
    "part of a place": (service(places="2.5"), "whole number"),
    "places without end": (service(places="99999999"), "not shown"),
    "nobody started": (service(started_a_year=""), "started_a_year"),
    "few started": (service(started_a_year="12"), "fewer than 20"),
    "a share above one": (service(peer_share="40"), "% sign"),
    "a share above all": (service(peer_share="140%"), "0% to 100%"),
    "shares above one": (service(peer_share="0.8", none_share="0.8"), "makes 1.6"),
    "shares that leave somebody out": (service(peer_share="0.1", none_share="0.1"), "makes 0.2"),
    "places of one of two": (service() + "S02,detox,,20,,\n", "all of them or for none"),
    "service twice": (service() + "S01,detox,2,20,,\n", "row 2 too"),
    "a service formula": (service(places="=2"), "formula"),
    "no services": (SERVICES, "no rows"),
    "clients for services": (PEOPLE + ROWS, "started_a_year"),
}

BYTES = {
    "NUL": (PEOPLE.encode() + b"C1,alco\0hol,men,40\n", "no CSV has"),
    "only NUL": (b"\0" * 1000, "no CSV has"),
    "much NUL": (b"\0" * 2**20, "longer than"),
    "Windows-1252": (PEOPLE.encode() + "C1,café,men,40\n".encode("cp1252"), "CSV UTF-8"),
    "UTF-16": (PEOPLE.encode("utf-16"), "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff" + PEOPLE.encode("utf-16-be"), "UTF-16"),
    "half a character": (PEOPLE.encode() + b"C1,\xed\xa0\x80,men,40\n", "CSV UTF-8"),
    "a workbook": (b"PK\x03\x04\x14\0\6\0", "workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ""),
    "random bytes": (bytes((n * 197 + n // 7) % 256 for n in range(4096)), ""),
    "Parquet": (b"PAR1\x15\x04\x15\x80", ""),
}

HOSTILE_SHEETS = [
    *(HostileSheet(n, WHO, text.encode(), word) for n, (text, word) in WHO_TEXTS.items()),
    *(HostileSheet(n, CARE, text.encode(), word) for n, (text, word) in CARE_TEXTS.items()),
    *(HostileSheet(n, WHO, content, word) for n, (content, word) in BYTES.items()),
]
