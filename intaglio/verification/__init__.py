"""From bytes to a report that a person can act on."""
