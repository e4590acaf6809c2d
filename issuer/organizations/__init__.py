"""States, districts and schools: their profiles, keys, DIDs and people."""
