"""An open course platform for intellectual property: courses in git, facts in a database, certificates anyone can verify."""

__version__ = "0.1.0"
