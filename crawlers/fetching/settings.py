"""The Scrapy settings of every crawl, each with the trap it avoids."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawlers.fetching import browser
from crawlers.job import CrawlJob

_HERE = "crawlers.fetching"


def software() -> str:
    """Name and version of this program, as sites and archives see it."""
    try:
        return f"WorkReportArchive/{version('work-report-archive')}"
    except PackageNotFoundError:
        return "WorkReportArchive/0"


def user_agent(contact: str | None) -> str:
    """The honest name under which sites are asked, with a way to reach whoever runs it."""
    return f"{software()} (+{contact})" if contact else software()


def settings(job: CrawlJob) -> dict[str, Any]:
    """Everything in which a crawl differs from Scrapy's defaults."""
    return {
        "USER_AGENT": user_agent(job.contact),
        "DEFAULT_REQUEST_HEADERS": {
            "User-Agent": user_agent(job.contact),
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            # What the archive can undo later without further libraries.
            "Accept-Encoding": "gzip, deflate",
        },
        **_manners(job),
        **_limits(job),
        **_closed_doors(),
        **(browser.settings(job.browser, job.limits.answer_seconds) if job.source.browser else {}),
        # One hundred, the default, starts a hundred tasks for every answer: half of the CPU time of a crawl.
        "CONCURRENT_ITEMS": 4,
        "DOWNLOADER": f"{_HERE}.downloader.OneAtATime",
        **_left_out(),
        "LOG_LEVEL": "WARNING",
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
    }


def _manners(job: CrawlJob) -> dict[str, Any]:
    return {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # Pauses are set host by host in pace.py; this one holds should that ever miss a host.
        "DOWNLOAD_DELAY": 1,
        # Jitter would shorten every second pause.
        "DOWNLOAD_DELAY_JITTER": 0,
        "PACE_ASKED": job.source.delay,
        "PACE_LONGEST": job.limits.minutes * 60,
        "ADDRESSES_ALLOWED": list(job.allow),
        # Some firewalls answer with a cookie and a redirect to the same address.
        "COOKIES_ENABLED": True,
        "REDIRECT_MAX_TIMES": 10,
        # Reads the whole page as text to find a tag that report pages do not have.
        "METAREFRESH_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "DOWNLOADER_MIDDLEWARES": {
            # No host is off limits by name, and no page has a password.
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            # Its header is among the default ones.
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
            # The proxy is set first, because the guard must know who resolves names.
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 40,
            f"{_HERE}.addresses.AddressGuard": 50,
            f"{_HERE}.pace.Pace": 60,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            f"{_HERE}.robots.Robots": 100,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            # Outside of the decoding of bodies, because garbage is seen only there.
            f"{_HERE}.retries.PatientRetry": 550,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            f"{_HERE}.decompression.PlainDecompression": 590,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            f"{_HERE}.cookies.SmallCookies": 700,
            f"{_HERE}.wire.WireTap": 990,
        },
    }


def _left_out() -> dict[str, Any]:
    """Parts of Scrapy that a crawl has no use for, and that cost each page or the start-up.

    Figures are counted from the landing (archive/crawl_log.py). An extension that is only switched off is imported
    all the same, and with the remote control aiohttp: a quarter of a crawl's start-up.
    """
    return {
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "DOWNLOADER_STATS": False,
        "EXTENSIONS_BASE": {"scrapy.extensions.memusage.MemoryUsage": 0},
    }


def _limits(job: CrawlJob) -> dict[str, Any]:
    return {
        "DOWNLOAD_TIMEOUT": job.limits.answer_seconds,
        "DOWNLOAD_MAXSIZE": job.limits.answer_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        # A body shorter than its Content-Length is an error and asked for again.
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DNS_TIMEOUT": 20,
        "TWISTED_DNS_RESOLVER": f"{_HERE}.addresses.PinnedResolver",
        # The last line of defence: the crawl closes, with all it has, before the machine suffers.
        "MEMUSAGE_ENABLED": True,
        "MEMUSAGE_LIMIT_MB": 900,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 5,
        "URLLENGTH_LIMIT": 4000,
    }


def _closed_doors() -> dict[str, Any]:
    handler = f"{_HERE}.handler.BoundedHandler"
    return {
        # A link or redirect to file:, data:, ftp: or s3: would otherwise be read.
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        # On by default in Scrapy 2.19: a server on the own machine that runs the code it is sent.
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
    }
