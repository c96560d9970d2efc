"""Scrapy's settings for Kanliu, each with its reason. Values that an operator sets (pace, size,
contact, addresses) are laid over these by crawler.addon; nothing is read here."""

BOT_NAME = "kanliu"
SPIDER_MODULES = ["crawler.spiders"]
# One spider for each file in journals/.
SPIDER_LOADER_CLASS = "crawler.spiders.loader.JournalSpiderLoader"
ADDONS = {"crawler.addon.KanliuAddon": 0}

# On by default in Scrapy 2.19: runs posted Python. Never in a service.
REMOTE_CONTROL_ENABLED = False
# A Python console for whoever reaches the port. Never in a service.
TELNETCONSOLE_ENABLED = False

# False by default. An archive must know whom it heard.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Scrapy's own robots middleware keeps a robots.txt for the life of the process, which may be
# years, and takes an unreachable one for permission. Ours is in DOWNLOADER_MIDDLEWARES.
ROBOTSTXT_OBEY = False
# No login, no session: the same page that everybody sees, and nothing to leak into an archive.
COOKIES_ENABLED = False
# Never: RFC2616Policy asked nothing in 1,500 of 1,500 polls. The store holds our validators.
HTTPCACHE_ENABLED = False

# On by default, and takes http_proxy from the environment: names would be resolved by the proxy,
# and AddressGuard would see nothing but the proxy. Whoever runs one must let it guard.
HTTPPROXY_ENABLED = False

# One request at a time to one host; the pause between two comes from the operator's `delay`.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# 100 by default, and that many tasks are started for each response: 1.93 ms a page against 1.30.
CONCURRENT_ITEMS = 4

# Magtech answers 500 at random: ask once more. 429 and 503 are words, not accidents: they are
# answered by going away for as long as they say.
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 504, 520, 522, 524]
# A time-out is not asked again at once: it has held a place for DOWNLOAD_TIMEOUT already.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.ResponseDataLossError",
    "scrapy.exceptions.DownloadFailedError",
    "twisted.internet.error.ConnectionLost",
    "twisted.internet.error.ConnectionDone",
    "twisted.web.client.ResponseFailed",
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the poll says it, once, with its outcome
# A refresh after long seconds is a page that reloads itself, not a redirect.
METAREFRESH_MAXDELAY = 5
# Chinese pages send broken lengths; a cut body is still told apart by the reader.
DOWNLOAD_FAIL_ON_DATALOSS = False

TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # Nothing for them to do here, at 0.02 ms a request each: no journal asks for a password, and
    # a walk follows no link that its list did not show.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # The host of every request, redirects too, before anything is sent.
    "crawler.guard.AddressGuard": 60,
    # Whoever asked us to wait is not asked again, not even for robots.txt.
    "crawler.pace.HostPace": 80,
    "crawler.robots.RobotsPolicy": 100,
}
EXTENSIONS = {
    "crawler.tap.ExchangeTap": 0,
    # One line a minute on pages crawled: our log has one line a poll instead.
    "scrapy.extensions.logstats.LogStats": None,
}
ITEM_PIPELINES = {"crawler.spiders.archive.ArchivePipeline": 300}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.6",
}
FEED_EXPORT_ENCODING = "utf-8"
STATS_DUMP = False
LOG_LEVEL = "INFO"
