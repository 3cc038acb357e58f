"""Where data lives: landing, Delta lake, ledger, Postgres, publication."""
