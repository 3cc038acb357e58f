"""Local services of one machine: the embedded PostgreSQL, Airflow, the simulated nation."""
