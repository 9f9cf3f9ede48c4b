"""The dashboard: the same answers in a browser, on this machine, without internet."""
