"""Doors for machines: the VC API of issuers, one instance for each key and suite; and awards by machine."""
