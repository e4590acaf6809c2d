"""Achievements: what a badge says somebody can do, in drafts and versions."""
