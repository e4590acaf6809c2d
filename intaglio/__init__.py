"""Intaglio: seal, hold and check Open Badges 3.0 and W3C verifiable credentials.

`docs/architecture.md` tells which room holds what.
"""
