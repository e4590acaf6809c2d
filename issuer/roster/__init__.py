"""Rosters: reading what a school’s own system exports, importing it, and showing learners and classes."""
