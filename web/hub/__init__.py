"""A WebSub hub for our own feeds and nobody else's (W3C Recommendation of 23 January 2018)."""
