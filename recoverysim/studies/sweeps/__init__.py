"""Sweeps: one plan, thousands of runs, on one machine or many, and what they say together."""
