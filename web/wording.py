"""The texts of the pages, each in Chinese and in English. Data only; web/words.py chooses.

A text with `{n}` has a second one for one thing, its key ending in `.one`. What a journal printed
is never translated; only our own words are here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import EntryState, NoticeClass, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "name": ("刊流", "Kanliu"),
    "tagline": (
        "把网页上的刊物，变成可以订阅的流。",
        "Journals on web pages, as feeds that you can subscribe to.",
    ),
    "other-language": ("English", "中文"),
    "to-content": ("跳到正文", "Skip to the content"),
    "journals": ("刊物", "Journals"),
    "latest": ("最新文章", "Latest articles"),
    "all-feeds": ("全部刊物", "All journals"),
    "all-feeds-hint": ("一个地址，订阅这里的每一种刊物。", "One address for every journal here."),
    "opml-hint": ("一次导入，每种刊物各自成源。", "Import once; each journal stays a feed."),
    "opml": ("OPML", "OPML"),
    "count-journals": ("{n} 种刊物", "{n} journals"),
    "count-journals.one": ("{n} 种刊物", "{n} journal"),
    "count-articles": ("{n} 篇文章", "{n} articles"),
    "count-articles.one": ("{n} 篇文章", "{n} article"),
    "previous": ("上一页", "Previous"),
    "following": ("下一页", "Next"),
    "no-journals": ("这里还没有刊物。", "There are no journals here yet."),
    "no-journals-hint": (
        "给每种刊物写一个文件，放进 journals 目录，再运行 kanliu check 检查",
        "Write one file for each journal into the folder journals, then run: kanliu check",
    ),
    "no-articles": ("还没有收到文章。", "No articles yet."),
    "no-articles-hint": (
        "第一次查看完成之后，文章就会出现在这里。",
        "They will be here after the first visit to the journal.",
    ),
    "masthead": ("刊头", "Masthead"),
    "notice": ("转载声明", "Reprint notice"),
    "notice-varies": (
        "各篇的声明不尽相同，不同的已在文章旁注明。",
        "Articles differ; where one does, it says so.",
    ),
    "notice-operator": ("由本站运营者登记", "On file with the operator of this site"),
    "asks": ("条件", "Conditions"),
    "license": ("许可证", "Licence"),
    "subscribe": ("订阅", "Subscribe"),
    "subscribe-hint": (
        "把下面任意一个地址复制到你的阅读器。",
        "Copy any one of these addresses into your feed reader.",
    ),
    "homepage": ("刊物网站", "The journal’s own site"),
    "rhythm-every": ("每 {span}查看一次", "checked every {span}"),
    "rhythm-auto": ("按出刊节奏查看", "checked at the journal’s own rhythm"),
    "last-poll": ("上次查看", "Last visit"),
    "never-polled": ("还没有查看过", "Not visited yet"),
    "poll-new": ("新文章 {n} 篇", "{n} new articles"),
    "poll-new.one": ("新文章 {n} 篇", "{n} new article"),
    "poll-revised": ("修订 {n} 篇", "{n} revised"),
    "poll-revised.one": ("修订 {n} 篇", "{n} revised"),
    "poll-bad": (
        "这次没有读到新内容；已有的文章和订阅源保持原样。",
        "Nothing was read this time; articles and feeds stay as they were.",
    ),
    "paused": ("暂停关注", "Paused"),
    "retired": ("已停止关注，自 {day}", "No longer followed since {day}"),
    "first-seen": ("未印日期，{day}首见", "undated, first seen {day}"),
    "revised": ("{day}修订", "revised {day}"),
    "also-in": ("亦见于", "also in"),
    "untitled": ("（无题）", "(untitled)"),
    "original": ("原文", "original"),
    "count-found": ("找到 {n} 篇", "{n} articles found"),
    "count-found.one": ("找到 {n} 篇", "{n} article found"),
    "count-found-many": ("找到 {n} 篇以上", "{n} articles found, or more"),
    "search": ("搜索", "Search"),
    "search-hint": (
        "例：品牌 战略；“品牌战略”；-广告；作者:林渡；年:2024-2026；声明:可转载",
        "brand strategy · “brand strategy” · -advert · author:name · notice:reusable",
    ),
    "search-fault": ("这个查询没有看懂", "This query cannot be understood"),
    "search-fault-hint": (
        "在搜索页上能看到哪里不对。",
        "The search page says what is wrong with it.",
    ),
    "search-none": ("没有找到", "Nothing was found"),
    "search-none-hint": (
        "试试少写一个词，或换一种写法；繁体简体都能找到。",
        "Try a word less, or another one; traditional and simplified letters find each other.",
    ),
    "search-subscribe-hint": (
        "订阅这次搜索：以后每有一篇合乎它的文章，阅读器都会收到。",
        "Subscribe to this search: every later article that fits it comes to your reader.",
    ),
    "only-reusable": ("只看可以转载的", "Only what may be re-published"),
    "groups": ("分组", "Groups"),
    "issues": ("各期", "Issues"),
    "all-issues": ("全部各期", "All issues"),
    "columns": ("栏目", "Columns"),
    "contents": ("目录", "Contents"),
    "older": ("上一期", "Previous issue"),
    "newer": ("下一期", "Next issue"),
    "undated-issues": ("年份不详", "Year unknown"),
    "what-is-a-feed": ("什么是订阅源？", "What is a feed?"),
    "what-is-a-feed-text": (
        "一份随时更新的清单。把地址交给阅读器，有了新文章它就告诉你：不用注册，不用天天来看。",
        "A list that is kept up to date. Give its address to a reader, and it tells you of news.",
    ),
    "read-original": ("阅读原文", "Read the original"),
    "published": ("发布", "Published"),
    "seen-first": ("首见", "First seen"),
    "column": ("栏目", "Column"),
    "issue": ("刊期", "Issue"),
    "pages": ("页码", "Pages"),
    "pages-short": ("第 {n} 页", "pp. {n}"),
    "keywords": ("关键词", "Keywords"),
    "text": ("全文", "Text"),
    "summary": ("摘要", "Summary"),
    "text-allowed": (
        "声明允许转载，所以这里有全文；版式和图片请看原文。",
        "The notice lets it be re-published. Layout and pictures are at the original.",
    ),
    "text-withheld": (
        "声明没有允许转载全文，请到原文阅读。",
        "The notice does not let the text be re-published: read it at the original.",
    ),
    "picture": ("图：", "Picture: "),
    "cite": ("引用", "Cite"),
    "cite-hint": ("国标 GB/T 7714—2015", "GB/T 7714—2015, the Chinese national standard"),
    "cite-files": ("下载", "Download"),
    "revisions": ("修订", "Revisions"),
    "revisions-hint": (
        "首见之后，原页改过这些。",
        "What the page changed since it was first seen.",
    ),
    "revision": ("第 {n} 版", "Revision {n}"),
    "letters-added": ("正文加 {n} 字", "{n} letters added"),
    "letters-removed": ("正文删 {n} 字", "{n} letters removed"),
    "change.title-changed": ("题名", "Title"),
    "change.date-changed": ("日期", "Date"),
    "change.notice-changed": ("转载声明", "Reprint notice"),
    "change.entry-retracted": ("撤稿", "Retracted"),
    "change.retraction-lifted": ("撤销撤稿", "Retraction lifted"),
    "about": ("这篇文章", "About this article"),
    "elsewhere": ("别处", "Elsewhere"),
    "also-duplicate": ("同一篇也在", "The same article in"),
    "also-reprint-of": ("转载自", "Reprinted from"),
    "also-reprinted-as": ("被转载于", "Reprinted in"),
    "copies": ("存档", "Kept copies"),
    "copies-count": ("存有原页 {n} 份。", "{n} copies of the page are kept."),
    "copies-count.one": ("存有原页 {n} 份。", "One copy of the page is kept."),
    "copies-closed": (
        "声明没有允许公开存档，所以这里不提供。",
        "The notice does not let it be shown to the public.",
    ),
    "copies-raw": (
        "照当时收到的字节给出，不运行脚本，不载入图片。",
        "As it was served, byte for byte. No script is run, and no picture is loaded.",
    ),
    "copies-replay": ("看它当时的样子", "See it as it looked"),
    "copies-all": ("各份存档", "All copies"),
    "replay-of": ("存档于 {day}", "As it was kept on {day}"),
    "replay-needs-script": (
        "看当时的样子要运行 ReplayWeb.page 的脚本，只从本站载入。不用脚本也能看：",
        "ReplayWeb.page must run to show it, a script of this site alone. Without it there is:",
    ),
    "replay-raw": ("收到的原样", "the copy as it was served"),
    "back-to-article": ("回到文章", "Back to the article"),
    "closed": ("这份存档不公开", "This copy is closed"),
    "closed-hint": (
        "文章的声明没有允许公开存档，只有本站运营者可以查看。",
        "The article’s notice does not let it be shown to the public. The operator may see it.",
    ),
    "no-datetime": ("读不懂这个时间", "This instant cannot be read"),
    "no-datetime-hint": (
        "Accept-Datetime 要写成这样：Mon, 23 Nov 2026 08:00:00 GMT",
        "Accept-Datetime is to be written so: Mon, 23 Nov 2026 08:00:00 GMT",
    ),
    "report": ("报告错误", "Report an error"),
    "report-hint": (
        "题名、日期或声明读错了？",
        "Is the title, the date or the notice wrong?",
    ),
    "report-subject": ("刊流读错：{title}", "Kanliu read wrong: {title}"),
    "withdrawn": ("这篇文章已撤下", "This article was taken down"),
    "withdrawn-hint": (
        "本站运营者撤下了它。编号仍在，内容不再提供。",
        "The operator of this site withdrew it. Its id stays, its content is not given any more.",
    ),
    "withdrawn-at": ("撤下时间", "Taken down"),
    "withdrawn-why": ("缘由", "Why"),
    "withdrawn-who": ("经手", "By"),
    "entry-id": ("编号", "Id"),
    "kept-copy": ("存档校验值", "Digest of the kept copy"),
    "journal": ("刊物", "Journal"),
    "to-journal": ("看这种刊物", "To the journal"),
    "volume": ("第{n}卷", "vol. {n} "),
    "number": ("第{n}期", "no. {n}"),
    "authors-join": ("、", ", "),
    "comma": ("，", ", "),
    "sentence-space": ("", " "),
    "colon": ("：", ": "),
    "made-by": (
        "由刊流制作：文章归各刊物所有，转载请依各刊声明。",
        "Made by Kanliu. Articles belong to their journals: their notices say who may re-publish.",
    ),
    "seconds": ("{n} 秒", "{n} seconds"),
    "seconds.one": ("{n} 秒", "second"),
    "minutes": ("{n} 分钟", "{n} minutes"),
    "minutes.one": ("{n} 分钟", "minute"),
    "hours": ("{n} 小时", "{n} hours"),
    "hours.one": ("{n} 小时", "hour"),
    "days": ("{n} 天", "{n} days"),
    "days.one": ("{n} 天", "day"),
    "carries.full": ("订阅源带全文。", "Feeds carry the full text."),
    "carries.summary": ("订阅源只带摘要和原文链接。", "Feeds carry a summary and the link."),
    "carries.link": ("订阅源只带标题和原文链接。", "Feeds carry the title and the link."),
    "missing": ("没有这一页", "There is no such page"),
    "missing-hint": (
        "地址里也许多了或少了一个字。这里的刊物都在首页上。",
        "The address may have a letter too many or too few. All journals are on the front page.",
    ),
    "unpublished": ("这个源还没有出版", "This feed has not been published yet"),
    "unpublished-hint": (
        "第一次查看完成之后就会有，请过一会儿再来。",
        "It will be here after the first visit. Please come back later.",
    ),
    "gone": ("这个源已经停了", "This feed has ended"),
    "gone-hint": (
        "本站不再关注这种刊物。请在阅读器里取消订阅。",
        "This site no longer follows the journal. Please unsubscribe in your reader.",
    ),
    "broken": ("暂时打不开", "This page cannot be had right now"),
    "broken-hint": (
        "资料库没有回答；订阅源不受影响。请过一分钟再试。",
        "The archive does not answer; feeds are not affected. Please try again in a minute.",
    ),
    "method": ("这里只能读", "This place is for reading only"),
    "method-hint": ("只接受 GET 和 HEAD 请求。", "Only GET and HEAD requests are answered."),
    "to-front": ("回到首页", "To the front page"),
    "did-you-mean": ("你要找的也许是", "Perhaps you are looking for"),
}

NOTICES: Mapping[NoticeClass, tuple[tuple[str, str], tuple[str, str]]] = {
    NoticeClass.OPEN_LICENSE: (
        ("开放许可", "任何人都可以依所列许可证的条件转载。"),
        ("Open licence", "Anyone may re-publish, on the terms of the licence named."),
    ),
    NoticeClass.FREE: (
        ("可自由转载", "任何人都可以转载。"),
        ("Free to re-publish", "Anyone may re-publish."),
    ),
    NoticeClass.FREE_ATTRIBUTION: (
        ("注明来源即可转载", "任何人都可以转载，须注明来源。"),
        ("Free with attribution", "Anyone may re-publish who names the source."),
    ),
    NoticeClass.NC_ATTRIBUTION: (
        ("非商业可转载", "不作商业用途的，注明来源即可转载；商业用途须先征得同意。"),
        ("Non-commercial", "Free with attribution if not commercial; otherwise ask first."),
    ),
    NoticeClass.PERMISSION: (
        ("转载须经同意", "转载之前，须先征得刊物同意。"),
        ("Ask first", "Re-publishing needs the journal’s permission."),
    ),
    NoticeClass.FORBIDDEN: (
        ("禁止转载", "刊物不允许转载。"),
        ("Not to be re-published", "The journal lets nobody re-publish."),
    ),
    NoticeClass.RESERVED: (
        ("保留权利", "只有版权声明，没有允许转载：转载前请先问刊物。"),
        ("All rights reserved", "Only a copyright line: ask the journal before you re-publish."),
    ),
    NoticeClass.THIRD_PARTY: (
        ("本身是转载", "文章转自别处：能否转载，要问最初发表它的刊物。"),
        ("Reprinted here", "It came from elsewhere: ask the first publisher."),
    ),
    NoticeClass.NONE: (
        ("没有声明", "没有见到转载声明。沉默不等于允许：转载前请先问刊物。"),
        ("No notice", "No notice was found. Silence permits nothing: ask the journal first."),
    ),
}

OBLIGATIONS: Mapping[str, tuple[str, str]] = {
    "source": ("注明来源", "name the source"),
    "author": ("注明作者", "name the author"),
    "link": ("附原文链接", "link to the original"),
    "notice": ("保留声明", "keep the notice"),
    "nochange": ("不得改动", "no changes"),
    "noexcerpt": ("不得摘编", "no excerpts"),
    "noncommercial": ("不作商业用途", "not for commerce"),
    "sharealike": ("以相同方式共享", "share alike"),
    "notify": ("告知刊物", "tell the journal"),
    "permission": ("征得同意", "ask for permission"),
    "permission-written": ("征得书面同意", "ask for permission in writing"),
    "noprint": ("不得用于纸媒", "not in print"),
    "nomirror": ("不得建立镜像", "no mirrors"),
    "noai": ("不得用于训练人工智能", "not for training AI"),
    "nolink": ("不得深度链接", "no deep links"),
    "permission-commercial": ("商业用途须征得同意", "ask for commercial use"),
}

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.NEW: ("有新内容", "Something new"),
    Outcome.UNCHANGED: ("没有变化", "No change"),
    Outcome.PARTIAL: ("部分内容没有读出", "Some of it could not be read"),
    Outcome.EMPTY: ("列表页上没有文章", "The list page held no articles"),
    Outcome.CHANGED: ("页面的样子变了", "The page has changed its form"),
    Outcome.BLOCKED: ("被验证页或登录页挡住", "A challenge or login page came instead"),
    Outcome.REFUSED: ("对方不允许访问", "The site does not let us in"),
    Outcome.UNREACHABLE: ("没有连上", "The site did not answer"),
    Outcome.GONE: ("页面已经撤掉", "The page is gone"),
}

STATES: Mapping[EntryState, tuple[str, str]] = {
    EntryState.RETRACTED: ("撤稿", "Retracted"),
    EntryState.VANISHED: ("原页已不在", "Page vanished"),
}
