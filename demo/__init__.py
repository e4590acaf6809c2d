"""A fictional school and one of its badges, to try things out with."""
