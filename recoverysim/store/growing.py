"""A folder that grows part by part and loses nothing: every file is written whole or not at all.

Each part carries the beginning of its own SHA-256 in its name, so a damaged one is found even where
the manifest says nothing of it yet; the manifest carries its own. Nothing that was written is ever
changed: readers see whole parts only, and never wait.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from recoverysim.store.whole import FolderError

SCHEMA_VERSION = 1
READS = (1,)
DIGITS = 16  # of its SHA-256 in the name of a part
SECONDS_BETWEEN_MANIFESTS = 5.0  # parts say by themselves that they are whole
MANIFEST, SET_ASIDE, UNFINISHED, LOCK = "manifest.json", "set_aside", ".unfinished", ".lock"
RUNS, FAILED = "runs", "failed"
OURS = (RUNS, FAILED, SET_ASIDE, "analysis")


class Damaged(NamedTuple):
    """A file that is not what was written, or is gone."""

    file: str
    why: str


class Growing:
    """One such folder, open for writing; one process at a time."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._last_written = 0.0

    @classmethod
    def begin(cls, folder: Path, about: dict[str, Any], tables: dict[str, pa.Table]) -> Growing:
        """A new one, with what is known before the first part: some tables, and a manifest."""
        self = cls(folder, {"schema_version": SCHEMA_VERSION, "kind": "sweep"} | about)
        self.manifest |= {
            "begun": _now(),
            "written": _now(),
            "host": platform.node(),
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "files": {},
            "damaged": [],
            "complete": False,
            "content_hash": None,
        }
        self.put_first(tables)
        self.write_manifest()
        return self

    def put_first(self, tables: dict[str, pa.Table]) -> None:
        """Write what stands beside the parts, under names of its own."""
        for name, table in tables.items():
            self._put(name, as_parquet(table), table.num_rows)

    def add(self, table: pa.Table, number: int) -> None:
        """A new part of runs, the first of which has this number."""
        self._put_part(RUNS, f"part-{number:08d}", "parquet", as_parquet(table), table.num_rows)

    def add_failed(self, record: dict[str, Any], number: int) -> None:
        """A run that failed, with its cause."""
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        self._put_part(FAILED, f"run-{number:08d}", "json", text.encode(), None)

    def forget_failed(self) -> None:
        """Let failed runs be tried again."""
        several = parts_of(self.folder, FAILED)
        for path in several:
            self.manifest["files"].pop(f"{FAILED}/{path.name}", None)
        if several:  # before they go: what the manifest lists and is gone counts as damaged
            self.write_manifest(complete=False, content_hash=None)
        for path in several:
            path.unlink()

    def _put_part(self, kind: str, stem: str, end: str, content: bytes, rows: int | None) -> None:
        (self.folder / kind).mkdir(exist_ok=True)
        self._put(f"{kind}/{stem}-{_sha256(content)[:DIGITS]}.{end}", content, rows)
        if time.monotonic() - self._last_written > SECONDS_BETWEEN_MANIFESTS:
            self.write_manifest()

    def _put(self, name: str, content: bytes, rows: int | None) -> None:
        _write_whole(self.folder, name, content)
        self.manifest["files"][name] = {
            "sha256": _sha256(content), "bytes": len(content), "rows": rows
        }  # fmt: skip

    def write_manifest(self, **more: Any) -> None:
        """Bring the manifest up to date, `more` with it."""
        self.manifest |= more | {"written": _now()}
        self.manifest.pop("checked", None)
        self.manifest["checked"] = _checked(self.manifest)
        text = json.dumps(self.manifest, indent=1, ensure_ascii=False) + "\n"
        _write_whole(self.folder, MANIFEST, text.encode())
        self._last_written = time.monotonic()

    def set_damaged_aside(self) -> list[Damaged]:
        """Check every file that the manifest or its own name vouches for; put what is damaged
        into a folder of its own and note it. What was never listed but is whole is listed."""
        found = list(check(self.folder, self.manifest))
        for one in found:
            self.manifest["files"].pop(one.file, None)
            path = self.folder / one.file
            if path.exists():
                aside = self.folder / SET_ASIDE
                aside.mkdir(exist_ok=True)
                path.replace(_free(aside, path.name))
        for kind in (RUNS, FAILED):
            for path in parts_of(self.folder, kind):
                self._list(f"{kind}/{path.name}", path)
        self.note_damaged(found)
        return found

    def note_damaged(self, found: list[Damaged]) -> None:
        """Keep in the manifest what was found damaged, and when."""
        if found:
            noted = [*self.manifest["damaged"], *({"found": _now()} | d._asdict() for d in found)]
            self.write_manifest(damaged=noted, complete=False, content_hash=None)

    def _list(self, name: str, path: Path) -> None:
        if name not in self.manifest["files"]:
            content = path.read_bytes()
            rows = pq.ParquetFile(path).metadata.num_rows if path.suffix == ".parquet" else None
            self.manifest["files"][name] = {
                "sha256": _sha256(content), "bytes": len(content), "rows": rows
            }  # fmt: skip


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest; None where it is damaged. FolderError where there is none, or a newer one."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise FolderError(f"{folder} holds no sweep: there is no {MANIFEST} in it") from None
    except ValueError:
        return None
    if not isinstance(manifest, dict) or not {"checked", "kind"} & manifest.keys():
        raise FolderError(f"{folder} holds something else than a sweep")
    if manifest.get("checked") != _checked(manifest):
        return None
    version = manifest["schema_version"]
    if version not in READS:
        raise FolderError(
            f"{folder} was written by a newer recoverysim (files of version {version}; this one "
            f"reads {', '.join(map(str, READS))}). Install a newer one to read it; nothing was "
            "changed."
        )
    return manifest


def check(folder: Path, manifest: dict[str, Any]) -> Iterator[Damaged]:
    """Every file that is not what was written."""
    listed = manifest["files"]
    parts = {f"{k}/{path.name}" for k in (RUNS, FAILED) for path in parts_of(folder, k)}
    for name in sorted(parts | set(listed)):
        path = folder / name
        try:
            found = _sha256(path.read_bytes())
        except FileNotFoundError:
            yield Damaged(name, "is missing")
            continue
        except OSError as fault:
            yield Damaged(name, f"cannot be read: {fault.strerror}")
            continue
        promised = listed[name]["sha256"] if name in listed else None
        in_its_name = name in parts and path.stem.rpartition("-")[2] != found[:DIGITS]
        if in_its_name or (promised is not None and promised != found):
            yield Damaged(name, "is not what was written: its SHA-256 differs")


def parts_of(folder: Path, kind: str) -> list[Path]:
    """The parts of a kind, in the order of their numbers."""
    return sorted(path for path in (folder / kind).glob("[!.]*") if path.is_file())


def numbers_failed(folder: Path) -> list[int]:
    """The numbers of the runs that failed."""
    return [int(path.stem.split("-")[1]) for path in parts_of(folder, FAILED)]


def read_whole(path: Path) -> bytes:
    """The content of a file; of a part FolderError where it is not what was written."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise FolderError(f"{path} cannot be read: {fault.strerror}") from fault
    promised = path.stem.rpartition("-")[2] if path.parent.name in (RUNS, FAILED) else None
    if promised is not None and promised != _sha256(content)[:DIGITS]:
        raise FolderError(f"{path} is not what was written: its SHA-256 differs")
    return content


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes into a folder meanwhile; FolderError where somebody does. The lock goes
    with the process that holds it, however that ends."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise FolderError(f"another process is writing to {folder}; wait for it to end") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def said_plainly(folder: Path, how_to_go_on: Callable[[], str]) -> Iterator[None]:
    """A disk that is full, or any other fault of writing, in a sentence."""
    try:
        yield
    except FolderError:
        raise
    except OSError as fault:
        if fault.errno is None:
            raise
        raise FolderError(
            f"{folder} cannot be written: {os.strerror(fault.errno)}. Everything finished before "
            f"is kept; where there is room, go on with: {how_to_go_on()}"
        ) from fault


def as_parquet(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _write_whole(folder: Path, name: str, content: bytes) -> None:
    """Write beside, wait until it is on the disk, then give it its name."""
    unfinished = folder / UNFINISHED
    unfinished.mkdir(exist_ok=True)
    path = folder / name
    beside = unfinished / f"{os.getpid()}-{path.name}"
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink()
    if os.name == "posix":
        opened = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def clear_unfinished(folder: Path) -> None:
    """Take away what a process that was killed left half-written."""
    for path in (folder / UNFINISHED).glob("*"):
        with suppress(OSError):
            path.unlink()
    with suppress(OSError):
        (folder / UNFINISHED).rmdir()


def _free(folder: Path, name: str) -> Path:
    path, number = folder / name, 1
    while path.exists():
        path, number = folder / f"{name}.{number}", number + 1
    return path


def _checked(manifest: dict[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "checked"}
    return _sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
