"""Calibration: which sets of parameters agree with what was published."""
