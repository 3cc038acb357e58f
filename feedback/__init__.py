"""What the areas are told about their data, and how they answer.

Pure functions, and ways to people (mail, webhook, web); no database.
"""
