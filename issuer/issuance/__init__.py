"""Awards: from the press of a button to a sealed badge with a status, and what becomes of it afterwards."""
