"""Benchmarks (`python -m tests.benchmarks.run`): figures as ratios against peers measured in the same run."""
