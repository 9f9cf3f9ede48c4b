"""Results on disk: tables that any tool reads, and a manifest that says what made them."""
