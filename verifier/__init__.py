"""What a reader opens: is this badge genuine, whose is it, is it still good."""
