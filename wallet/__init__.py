"""What a learner opens: badges held, and shown to whom the learner chooses."""
