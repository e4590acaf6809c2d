"""Whom the reader recognizes."""
