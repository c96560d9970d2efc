"""Packages: one self-contained WACZ a journal and month. docs/packages.md says what one is."""
