"""How often anything here may be tried."""

from datetime import timedelta

from intaglio.server.rates import Rate

PER_ACCOUNT = Rate("password-account", 10, timedelta(minutes=15))
PER_ACCOUNT_AND_DAY = Rate("password-account-day", 100, timedelta(days=1))
"""NIST SP 800-63B-4, section 3.2.2: no more than 100 failures in a row. Passkeys go on working, so that whoever guesses at
somebody's password does not keep her out."""
PER_ADDRESS = Rate("password-address", 300, timedelta(minutes=15))
"""A whole school comes from one address."""
CEREMONIES = Rate("ceremonies-address", 1000, timedelta(minutes=15))
"""Beginnings of passkey and school sign-ins, each of which writes a row."""
PER_CHANGE = Rate("password-change", 10, timedelta(minutes=15))
