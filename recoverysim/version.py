"""The version installed."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def package_version() -> str:
    """The version of recoverysim, `unknown` outside an installation."""
    try:
        return version("recoverysim")
    except PackageNotFoundError:
        return "unknown"
