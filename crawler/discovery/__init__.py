"""From one address to what to follow: where a journal's articles are listed, what it is called,
and the pages that show it. The visits are crawler.discover's; what is here decides, and is pure but
for `visits`, `harvest` and `saved`."""
