"""An article as others cite it: GB/T 7714, BibTeX, RIS, CSL-JSON. Values in, text out."""
