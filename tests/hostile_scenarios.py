"""Scenario files as a stranger might send them: each must be refused, quickly and in plain words.

A name, the file's content, and a word that the refusal should hold.
"""

from typing import NamedTuple

FULL = 256 * 1024  # what a file may hold
SHARE = "linkage.peer.offered_share"


class Hostile(NamedTuple):
    name: str
    content: bytes
    word: str = ""


def fill(piece: str, before: str = "", after: str = "") -> str:
    """As many pieces as fit into a file that is just small enough to be read."""
    return before + piece * ((FULL - len(before) - len(after)) // len(piece)) + after


def numbered(pattern: str, before: str = "", after: str = "") -> str:
    """The same with a number in every piece, so that no two are alike."""
    longest = len(pattern.format(99999))
    count = (FULL - len(before) - len(after)) // longest
    return before + "".join(pattern.format(number) for number in range(count)) + after


ALIAS_BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)
)

TEXTS = {
    # What YAML can do and a scenario must not.
    "anchor": ("name: &a x", "anchors"),
    "anchor on a mapping": ("linkage: &a {peer: {}}", "anchors"),
    "alias": ("name: *a", "aliases"),
    "alias bomb": (ALIAS_BOMB, "anchors"),
    "alias to itself": ("a: &a [*a]", "anchors"),
    "python object": ("!!python/object/apply:os.system [echo]", "tags"),
    "python name": ("name: !!python/name:os.system", "tags"),
    "own tag": ("name: !mine x", "tags"),
    "plain tag": ("name: !!str x", "tags"),
    "tag on a key": ("!!str name: x", "tags"),
    "binary": ("name: !!binary aGVsbG8=", "tags"),
    "tag directive": ("%TAG ! tag:example.org,2000:\n---\nname: !x y", "tags"),
    "merge key": ("<<: {name: x}", "<<"),
    "second document": ("name: x\n---\nname: z", "second document"),
    "empty second document": ("name: x\n---\n", "second document"),
    "many documents": (fill("---\n", "name: x\n"), "second document"),
    "another YAML": ("%YAML 3.0\n---\nname: x", "not YAML"),
    "huge version of YAML": (f"%YAML {'9' * 5000}.1\n---\nname: x", "not YAML"),
    "escape beyond Unicode": (r'name: "\U00110000"', "not YAML"),
    "escape beyond any number": (r'name: "\UFFFFFFFF"', "not YAML"),
    "half a character": (r'name: "\ud800"', "mine.yaml"),
    "half a character in a key": (r'"\ud800": 1', "mine.yaml"),
    "terminal codes": (r'name: "\e[31mred"', "name"),
    "tab for indenting": ("linkage:\n\tpeer: 1", "not YAML"),
    "open bracket": ("linkage: {peer: {", "not YAML"),
    "open quote": ('name: "x', "not YAML"),
    "stray bracket": ("name: ]", "not YAML"),
    "percent": ("name: %x", "not YAML"),
    # Shapes.
    "nothing": ("", ""),
    "only a comment": ("# nothing yet\n", ""),
    "null": ("~", "key: value"),
    "a word": ("baseline", "key: value"),
    "a list": ("- name: x", "key: value"),
    "a number for a key": ("1: x", "name"),
    "nothing for a key": ("~: x", "name"),
    "a list for a key": ("? [a]\n: x", "name"),
    "a mapping for a key": ("{a: 1}: x", "name"),
    "section as a number": ("linkage: 3", "linkage"),
    "section as a list": ("linkage: [peer]", "linkage"),
    "number as a mapping": (f"{SHARE}: {{}}", "value"),
    "number as a list of lists": (f"{SHARE}: [[0.5]]", "number"),
    "no changes": (f"{SHARE}: []", "1 to 20"),
    "too many changes": (f"{SHARE}: [{'0.5, ' * 21}]", "1 to 20"),
    "mechanisms as a list": ("mechanisms: [company]", "name: false"),
    "name as a mapping": ("name: {a: b}", "words"),
    "expected as a word": ("expected: more", "year"),
    "expected in a fraction of a year": ("expected: {year: 1.5, low: 1, high: 2}", "year"),
    "expected after endless years": ("expected: {year: 1e999, low: 1, high: 2}", "year"),
    "expected without end": ("expected: {year: 1, low: 1, high: 1e999}", "expected"),
    "expected with a list for words": ("expected: {year: 1, low: 1, high: 2, why: [x]}", "why"),
    # Numbers that are none.
    "NaN": (f"{SHARE}: .nan", "number"),
    "nan": (f"{SHARE}: nan", "number"),
    "infinity": (f"{SHARE}: .inf", "number"),
    "infinite price": ("costs.peer.introduction: 1e999", "costs.peer.introduction"),
    "quoted": (f'{SHARE}: "0.5"', "quotes"),
    "yes": (f"{SHARE}: yes", "true or false"),
    "no": ("mechanisms: {company: no}", "true or false"),
    "off": ("mechanisms: {company: off}", "true or false"),
    "True": ("mechanisms: {company: True}", "true or false"),
    "true for a number": (f"{SHARE}: true", "number"),
    "hexadecimal": (f"{SHARE}: 0x1", "number"),
    "sixties": (f"{SHARE}: 0:30", "number"),
    "underscores": (f"{SHARE}: 0_1", "number"),
    "decimal comma": (f"{SHARE}: 0,5", "number"),
    "per cent": (f"{SHARE}: 50%", "number"),
    "date": (f"{SHARE}: 2024-01-01", "number"),
    "nothing for a number": (f"{SHARE}:", "nothing"),
    "above one": (f"{SHARE}: 1.01", "0 to 1"),
    "below nought": (f"{SHARE}: -0.01", "0 to 1"),
    "a thousand": (f"{SHARE}: 1e3", "0 to 1"),
    "endless digits": (fill("9", f"{SHARE}: "), "infinity"),
    # Paths.
    "extends the system": ("extends: /etc/passwd", "out of the folder"),
    "extends upwards": ("extends: ../other.yaml", "out of the folder"),
    "extends far upwards": (f"extends: {'../' * 2000}etc/passwd", "extends"),
    "extends a folder": ("extends: .", "no scenario"),
    "extends nothing": ("extends: ''", "no scenario"),
    "extends NUL": (r'extends: "a\0b"', "extends"),
    "extends a long name": (f"extends: {'a' * 5000}", "extends"),
    "extends a list": ("extends: [baseline]", "extends"),
    "extends a URL": ("extends: https://example.org/x.yaml", "no scenario"),
    "network of the system": ("network: {file: /etc/passwd}", "out of the folder"),
    "network upwards": ("network: {file: ../../x}", "out of the folder"),
    "network with a long name": (f"network: {{file: {'a' * 5000}}}", "network.file"),
    "network from no file": ("network: {kind: file}", "network"),
    "network of no kind": ("network: {kind: [a]}", "none of"),
    # Twice.
    "twice": ("name: x\nname: z", "twice"),
    "twice within": ("linkage: {peer: {fidelity: 1, fidelity: 1}}", "twice"),
    "twice, once quoted": ("name: x\n'name': y", "twice"),
    "twice, once dotted": (f"{SHARE}: 0.5\nlinkage: {{peer: {{offered_share: 0.6}}}}", "twice"),
    "mechanism twice": ("mechanisms.fit: false\nmechanisms: {fit: true}", "twice"),
    # Depth and length.
    "deep lists": (fill("["), "nested"),
    "deep mappings": (fill("{"), "nested"),
    "deep dashes": (fill("- "), "nested"),
    "deep questions": (fill("? "), "nested"),
    "deep mappings in lines": ("".join(f"{' ' * n}a:\n" for n in range(50)), "nested"),
    "many unknown keys": (numbered("k{}: 1\n"), "2000 values"),
    "many nearly known keys": (numbered("linkage.peer.ofered{}: 1\n"), "2000 values"),
    "many unknown keys in one": (numbered("a{}: 1,", "linkage: {", "}"), "2000 values"),
    "many unknown mechanisms": (numbered("a{}: no1,", "mechanisms: {", "}"), "2000 values"),
    "many repeated keys": (fill("a: 1\n"), "2000 values"),
    "many items": (fill("1,", "a: [", "]"), ""),
    "many changes": (fill("0.5,", f"{SHARE}: [", "]"), ""),
    "many items for a key": (fill("1,", "? [", "]\n: x"), ""),
    "empty items": (fill("[],", "a: [", "]"), ""),
    "a long key": (f"? {'a' * 200_000}\n: 1", ""),
    "one byte too many": (fill("#") + "#", "256 KiB"),
}

BYTES = {
    "NUL": b"name: a\0b",
    "only NUL": b"\0" * 1000,
    "bell": b"name: \x07",
    "Latin-1": b"name: caf\xe9",
    "UTF-16": "name: x".encode("utf-16"),
    "half a character, raw": b"name: \xed\xa0\x80",
    "too long a code": b"name: \xc0\xaf",
    "random bytes": bytes((n * 197 + n // 7) % 256 for n in range(4096)),
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "an archive": b"PK\x03\x04\x14\0\0\0",
}

HOSTILE = [
    *(Hostile(name, text.encode(), word) for name, (text, word) in TEXTS.items()),
    *(Hostile(name, content) for name, content in BYTES.items()),
]
