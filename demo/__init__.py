"""Three sample journals and the small site that serves them on 127.0.0.1.

Everything here is ours: texts, pages, names. The site plays journals on the web and knows nothing
of the crawler that visits it; `site.expected()` says what a right reader should find.
"""
