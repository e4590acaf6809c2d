"""Showing badges to whom the learner chooses, by a link that ends."""
