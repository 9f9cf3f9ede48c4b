"""What the runs of a sweep say together: every number with its interval."""
