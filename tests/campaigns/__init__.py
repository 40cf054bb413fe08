"""Campaigns: what takes minutes, each by one command, its result kept beside it."""
