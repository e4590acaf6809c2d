"""What a school opens: its organizations, roster, achievements and awards, and the doors through which badges leave."""
