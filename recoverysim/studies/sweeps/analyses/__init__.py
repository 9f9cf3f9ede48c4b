"""What the runs of a sweep say together: every number with its interval."""

from recoverysim.studies.sweeps.analyses.analyse import Analysed, analyse

__all__ = ["Analysed", "analyse"]
