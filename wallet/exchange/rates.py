"""How often a learner may have the wallet look somewhere, or try a code."""

from datetime import timedelta

from intaglio.server.rates import Rate

OFFERS = Rate("offers", 60, timedelta(minutes=10))
FILES = Rate("files", 30, timedelta(minutes=10))
CODES = Rate("codes", 20, timedelta(hours=1))
"""For one offer. The issuer bounds wrong codes itself, and much closer; this spares it the asking."""
