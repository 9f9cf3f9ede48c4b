"""Why a sweep cannot go on with a cluster, and what is said of one that stands open."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from urllib.parse import urlsplit


class ClusterFault(RuntimeError):
    """A cluster on which a sweep cannot go on."""


class ClusterLost(ClusterFault):
    """A cluster that is gone, or was never there: its scheduler, or every worker."""


class OtherProgram(ClusterFault):
    """A worker that would not run what is run here."""


class Unprotected(UserWarning):
    """A cluster to which anybody who reaches it can send programs."""


def unprotected(address: str) -> str | None:
    """What is to be said about an address beyond this machine that is not encrypted."""
    scheme, _, rest = address.rpartition("://")
    host = urlsplit(f"//{rest}").hostname or ""
    with suppress(ValueError):  # a name
        if ipaddress.ip_address(host).is_loopback:
            return None
    if scheme not in ("", "tcp") or host in ("", "localhost"):
        return None
    return (
        f"{address} is not protected: whoever reaches that port can run programs as its user. Use "
        "tls:// outside a network that you trust (docs/clusters.md)."
    )
