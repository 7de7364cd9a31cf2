"""Open courses on intellectual property: content in git, facts in rows, certificates for all."""

__version__ = "0.1.0"
