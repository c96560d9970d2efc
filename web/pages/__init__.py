"""From the store to what the pages show: one frozen value a page, with every word chosen.

Reads the store and writes no HTML: the templates print these values and do not think.
"""
