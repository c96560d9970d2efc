"""What Kanliu costs, measured beside the bare thing in one run: `make bench`.

CPU time, since these machines are shared: read ratios, not figures. Each measurement runs in a
process of its own; the site that is visited in another, so that its cost is not counted.
"""
