"""Pages that people print: one sheet for a board."""
