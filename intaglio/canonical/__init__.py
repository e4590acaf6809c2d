"""Canonical forms: the exact bytes that are hashed and signed."""
