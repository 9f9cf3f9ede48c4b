"""The version installed."""

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """The version of recoverysim, `unknown` outside an installation."""
    try:
        return version("recoverysim")
    except PackageNotFoundError:
        return "unknown"
