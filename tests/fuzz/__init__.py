"""Fuzzing: a million inputs for everything that reads or writes what people wrote.

See README.md beside this file.
"""
