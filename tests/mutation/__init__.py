"""Mutation testing of the table, the engine and the checks: `python -m tests.mutation`."""
