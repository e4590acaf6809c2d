"""Badges that a learner keeps: verified before they are stored, encrypted at rest, asked about again from time to time."""
