"""The commands, one function each, by what a person wants to do. cli.py lists them all."""
