"""Proofs: bytes and dicts in, bytes and dicts out."""
