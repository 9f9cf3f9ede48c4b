"""Pictures, one a file, drawn once for the README, reports and notebooks."""
