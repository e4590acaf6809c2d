"""Doors for machines: the VC API of verifiers, and our own reports."""
