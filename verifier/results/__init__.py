"""Notes of results that a reader asked to keep: what was found, never what was checked."""
