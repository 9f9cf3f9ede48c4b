"""A sweep on a Slurm cluster, by dask-jobqueue: docs/clusters.md says how.

    python slurm_sweep.py what-matters-most --out results --jobs 20 --cores 32 --walltime 4:00:00
    python slurm_sweep.py my-plan.yaml --out results --local

Run it where jobs may be submitted, in a session that lasts (tmux) or in a small job of its own,
from a folder that every node sees. The same command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

import recoverysim as rs
from recoverysim.studies.sweeps.cluster_faults import ClusterLost

BEFORE_THE_END = 300  # seconds before its walltime at which a worker hands over what it has


def asked() -> argparse.Namespace:
    """What the command line says."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("plan", help="a shipped plan, or a file")
    words.add_argument("--out", required=True, help="where the runs go")
    words.add_argument("--jobs", type=int, default=4, help="Slurm jobs to be kept running")
    words.add_argument("--cores", type=int, default=16, help="of each job")
    words.add_argument("--memory", default="32GB", help="of each job")
    words.add_argument("--walltime", default="1:00:00", help="of each job: hours:minutes:seconds")
    words.add_argument("--partition")
    words.add_argument("--account")
    words.add_argument("--prologue", action="append", default=[],
                       help="a line for the job's script, as: module load python/3.12")  # fmt: skip
    words.add_argument("--job-script", action="store_true", help="print that script; run nothing")
    words.add_argument("--local", action="store_true", help="no Slurm: two workers on this machine")
    return words.parse_args()


def slurm(given: argparse.Namespace) -> Any:
    """A scheduler here; each Slurm job is a worker with a thread for each core. They speak by TLS,
    with keys made for this run."""
    from dask_jobqueue import SLURMCluster

    hours, minutes, seconds = map(int, given.walltime.split(":"))
    lifetime = 3600 * hours + 60 * minutes + seconds - BEFORE_THE_END
    return SLURMCluster(
        cores=given.cores,
        processes=1,
        memory=given.memory,
        walltime=given.walltime,
        queue=given.partition,
        account=given.account,
        job_script_prologue=given.prologue,
        protocol="tls",
        security=True,
        shared_temp_directory=str(Path.cwd()),
        # Not all at once, so that there is always somebody.
        worker_extra_args=["--lifetime", f"{lifetime}s", "--lifetime-stagger", "120s"],
    )


def main() -> None:
    """Run it, for as many walltimes as it takes."""
    given = asked()
    if given.local:
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    else:
        cluster = slurm(given)
    with cluster, Client(cluster) as client:
        if given.job_script:
            print(cluster.job_script())
            return
        if not given.local:
            # Jobs that end, at their walltime or otherwise, are submitted again.
            cluster.adapt(minimum_jobs=given.jobs, maximum_jobs=given.jobs)
        while True:
            client.wait_for_workers(1)  # as long as the queue is
            try:
                found = rs.sweep(given.plan, out=given.out, scheduler=client)
                break
            except ClusterLost as fault:  # every job has ended, and the next ones wait
                print(fault)
                if client.status != "running":
                    raise
    runs = found.manifest["runs"]
    print(f"{runs['done']:,} of {runs['asked']:,} runs are in {found.folder}, "
          f"{runs['failed']:,} failed. Content {found.content_hash}")  # fmt: skip


if __name__ == "__main__":
    main()
