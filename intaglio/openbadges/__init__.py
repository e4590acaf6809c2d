"""Open Badges 3.0 and CLR 2.0: models, findings, baked images."""
