"""`python -m mooc.cli` is `mooc`."""

from mooc.cli import main

main()
