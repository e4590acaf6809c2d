"""What every service stands on: settings, database, sessions, security headers, problem responses, pages, languages, health.

Only the services import it; the library above it knows no web server and no database.
"""
