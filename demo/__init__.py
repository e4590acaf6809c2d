"""A fictional district, brought in by the doors that everybody has: pages, forms, links and codes."""
