"""Measurements. They print figures and assert nothing; `README.md` here says how to read them."""
