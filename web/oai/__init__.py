"""OAI-PMH 2.0: the archive's metadata for those who harvest it, at /oai. Gives no text of an
article, and nothing of what was taken down but that it was."""
