"""Learners: their accounts, the keys that protect what they hold, and the keys that they sign with."""
