"""A second version of the model, from docs/model.md alone; it shares no code with the first."""
