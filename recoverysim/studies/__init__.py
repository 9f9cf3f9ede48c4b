"""Studies of worlds: repeats, comparisons between twins, and what can be said of them."""
