"""A terminal UI for people who run AWS Lambda."""

__version__ = "0.1.0"
