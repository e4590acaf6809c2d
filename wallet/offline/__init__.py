"""The wallet as an app on a phone: installable, and readable where there is no network."""
