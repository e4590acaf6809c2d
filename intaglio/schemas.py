"""The only reader of ``schemas/``; never the network."""
