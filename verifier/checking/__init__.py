"""Checking badges for a reader: a page, and the sentence that says how things stand."""
