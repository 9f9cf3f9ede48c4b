"""Local data: an area's own files of clients, totals and services, read strictly and discreetly."""
