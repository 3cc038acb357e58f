"""Views in a database: the connection, the statements, and a page of rows as it is landed."""
