"""Real Dask clusters on loopback: a scheduler and workers, each a process of its own, which are
ended with the test, whatever becomes of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
BEGINS = 30  # seconds
# What `dask worker` runs, with something said before.
WORKER = "{}; from dask.__main__ import main; import sys; sys.argv[0] = 'dask'; main()"


class Cluster:
    """A scheduler and its workers. `workers` are the processes that were started for them."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
        self.file = folder / "scheduler.json"
        self.scheduler = self._start(
            "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(self.file),
        )  # fmt: skip
        self.address = json.loads(_once_there(self.file))["address"]
        self.workers: list[subprocess.Popen[bytes]] = []

    def add(self, *options: str, first: str = "pass") -> subprocess.Popen[bytes]:
        """One `dask worker` more, with one thread; `first` is done before it begins."""
        self.workers.append(self._start(
            "-c", WORKER.format(first), "worker", self.address, "--nthreads", "1",
            "--no-dashboard", "--local-directory", str(self.folder), *options,
        ))  # fmt: skip
        return self.workers[-1]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *words], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def everybody(self) -> list[psutil.Process]:
        """Every process of the cluster that lives, with its children and theirs."""
        found = []
        for one in (self.scheduler, *self.workers):
            if one.poll() is None:
                process = psutil.Process(one.pid)
                found += [process, *process.children(recursive=True)]
        return found

    def end(self) -> None:
        """End them all."""
        several = self.everybody()
        for one in several:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
        for mine in (self.scheduler, *self.workers):
            mine.wait(BEGINS)
        assert all_gone(several)


@contextmanager
def a_cluster(folder: Path, **settings: str) -> Iterator[Cluster]:
    """A scheduler without workers yet, whose files stand in this folder; with settings of Dask, as
    its environment has them."""
    folder.mkdir(exist_ok=True)
    cluster = Cluster(folder, **settings)
    try:
        yield cluster
    finally:
        cluster.end()


def all_gone(several: list[psutil.Process], seconds: float = 10) -> bool:
    """Whether these processes end within so many seconds."""
    return not psutil.wait_procs(several, timeout=seconds)[1]


def _once_there(path: Path) -> str:
    until = time.monotonic() + BEGINS
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text("utf-8")).rstrip().endswith("}"):
            return text
        time.sleep(0.05)
    raise AssertionError(f"no scheduler within {BEGINS} seconds")
