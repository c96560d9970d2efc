"""The tables and keys of a source file, each with the words that editors and errors show.

What a key means when it is absent stands in sources.model alone: here a missing key is missing.
pydantic reads the annotations at run time, so they are not put off as elsewhere.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one below Python 3.12

from sources.model import PlatformName
from sources.values import Encoding, Every, Language, Line, Selector, Span, Url, Zone

_STRICT = ConfigDict(extra="forbid", strict=True)

# The notice classes of the archive's vocabulary, which this room cannot import; a test holds
# the two equal.
NoticeClassName = Literal[
    "open-license",
    "free",
    "free-attribution",
    "nc-attribution",
    "permission",
    "forbidden",
    "reserved",
    "third-party",
    "none",
]
Render = Literal["plain", "browser"]


@with_config(_STRICT)
class SelectorsTable(TypedDict, total=False):
    """Where things are on the pages (选择器): CSS, or XPath when it starts with / ./ or (."""

    links: Annotated[
        Selector,
        Field(description="文章链接: the article links of a list page, or a block for each"),
    ]
    link_title: Annotated[
        Selector, Field(description="列表标题: the title inside each block of links")
    ]
    link_date: Annotated[
        Selector, Field(description="列表日期: the date inside each block of links")
    ]
    next: Annotated[Selector, Field(description="下一页: the link to the next, older list page")]
    title: Annotated[Selector, Field(description="标题: the title on the article page")]
    published: Annotated[Selector, Field(description="发布日期: the date on the article page")]
    authors: Annotated[Selector, Field(description="作者: the authors on the article page")]
    body: Annotated[Selector, Field(description="正文: the block that holds the article's text")]
    notice: Annotated[
        Selector, Field(description="转载声明: the reprint notice on the article page")
    ]


@with_config(_STRICT)
class ExpectTable(TypedDict, total=False):
    """What a healthy visit looks like (预期); outside of it the operator hears."""

    links_min: Annotated[
        int, Field(ge=0, description="列表最少链接: fewest links on the list pages")
    ]
    links_max: Annotated[int, Field(ge=1, description="列表最多链接: most links on the list pages")]
    silence: Annotated[
        Every,
        Field(description="静默: longest time without a new article, or auto from the rhythm"),
    ]


@with_config(_STRICT)
class RightsTable(TypedDict, total=False):
    """What you know about re-publishing (转载权利), over what the pages say."""

    notice: Annotated[
        NoticeClassName,
        Field(
            description="声明类别: the class that holds; a page's own stricter notice still wins"
        ),
    ]
    text: Annotated[Line, Field(description="依据原文: the words that it rests on, verbatim")]
    note: Annotated[Line, Field(description="备注: where those words are, for the next person")]


@with_config(_STRICT)
class ScheduleTable(TypedDict, total=False):
    """When to look (采集周期)."""

    every: Annotated[
        Every, Field(description='间隔: "2h", "1d", or "auto" from the rhythm of the journal')
    ]


@with_config(_STRICT)
class LimitsTable(TypedDict, total=False):
    """How much one poll may ask of the site (限额)."""

    pages: Annotated[
        int, Field(ge=1, le=1000, description="首次列表页数: list pages of the first visit")
    ]
    entries: Annotated[
        int, Field(ge=1, le=100_000, description="每次文章数: most new articles of one poll")
    ]
    delay: Annotated[Span, Field(description="请求间隔: wait between two requests to the host")]
    timeout: Annotated[Span, Field(description="超时: longest wait for one answer")]
    size_bytes: Annotated[
        int, Field(ge=1024, le=1024**3, description="大小上限: largest answer, in bytes")
    ]
    recheck: Annotated[
        list[Span], Field(description="复查: ages at which a known article is asked for again")
    ]
    rechecks: Annotated[
        int,
        Field(ge=0, le=1000, description="每次复查数: most known articles asked again in one poll"),
    ]


class _Required(TypedDict):
    title: Annotated[Line, Field(description="刊名: the journal's name, bare")]
    lists: Annotated[
        list[Url],
        Field(min_length=1, description="列表页: addresses of the pages that list the articles"),
    ]


@with_config(_STRICT)
class SourceTable(_Required, total=False):
    """信源: one journal that Kanliu follows. The file's name is its id, for good."""

    language: Annotated[Language, Field(description="语种: the language of the articles")]
    zone: Annotated[Zone, Field(description="时区: the time zone that printed dates are meant in")]
    homepage: Annotated[Url, Field(description="主页: the journal's own page, for readers")]
    moved_to: Annotated[
        Url, Field(description="迁至: where this journal's feeds and pages are now, by 301")
    ]
    feed: Annotated[Url, Field(description="原有订阅源: a feed that the journal publishes itself")]
    platform: Annotated[PlatformName, Field(description="发布系统: how its pages are walked")]
    render: Annotated[
        Render,
        Field(description="渲染: plain reads pages as served, browser runs their scripts first"),
    ]
    encoding: Annotated[
        Encoding, Field(description="编码: read every page so, whatever it declares")
    ]
    groups: Annotated[list[Line], Field(description="分组: folders of the OPML file and the pages")]
    masthead: Annotated[
        dict[str, Line],
        Field(description="刊头: what the journal prints about itself, label = text"),
    ]
    selectors: SelectorsTable
    expect: ExpectTable
    rights: RightsTable
    schedule: ScheduleTable
    limits: LimitsTable


TABLES = {
    "selectors": SelectorsTable,
    "expect": ExpectTable,
    "rights": RightsTable,
    "schedule": ScheduleTable,
    "limits": LimitsTable,
}
