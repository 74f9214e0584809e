"""Invoke: which version is meant, what is refused, what runs later and what becomes of it."""
