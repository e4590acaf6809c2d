"""Custody of private keys: signers, chosen by key URI."""
