"""The small model of `reference_kernel.py`, written the way each neighbour wants it written.

Every file has the same three functions, for the same people and ties, those of
`reference_kernel.everybody`:

- `prepare(people, weeks, seed)`: a model of them, ready to live so many weeks
- `live(model)`: those weeks, and nothing else: this is what is timed
- `found(model)`: the state of each person (codes of `reference_kernel`) and whether each attends

Chance comes from the neighbour's own generator, drawn in its own way.
"""
