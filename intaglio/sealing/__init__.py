"""The only way to a signature on an award."""
