"""The Scrapy side for those who know Scrapy: one spider a source, for `scrapy list` and `crawl`."""
