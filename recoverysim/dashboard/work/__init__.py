"""Work that the pages ask for, done in processes of its own, so that the pages stay quick."""
