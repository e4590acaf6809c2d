"""From an identifier to its controller document and keys."""
