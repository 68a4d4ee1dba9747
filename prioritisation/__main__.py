"""`python -m prioritisation` is the `prioritisation` command."""

from prioritisation.cli import main

main()
