"""Mutual aid: being linked to it, going, staying, taking part, and what that does."""
