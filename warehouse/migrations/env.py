"""What alembic runs: the migrations, on the connection that `migrate` opened."""

from alembic import context

from warehouse.migrations import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
context.run_migrations()
