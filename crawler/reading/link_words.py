"""The wordings of links that are no article's title, and of headings over lists that are no list
of articles. Data for anchors, list_block and list_row.

Runs of signs are bounded or possessive (`*+`): a title of a thousand dashes must not hang us.
"""

from __future__ import annotations

import re


def is_label(text: str) -> bool:
    """Whether a link's words lead to something else than one article: 更多, PDF, 下一页, 3."""
    return len(text) <= _LABEL_CHARS and _LABEL.fullmatch(text) is not None


def is_opener(text: str) -> bool:
    """Whether a link's words open the article of their row without naming it: 下载, 详情."""
    return len(text) <= _LABEL_CHARS and _OPENER.fullmatch(text) is not None


def is_whole_issue(text: str) -> bool:
    """Whether an entry of an issue's contents is the issue itself, or its covers: 封面, 目次,
    2023年第1期电子期刊, Full Issue."""
    if len(text) > _LABEL_CHARS or not _ISSUE_WORD.search(text):
        return False
    return _WHOLE_ISSUE.fullmatch(text) is not None


def is_ranking_heading(text: str) -> bool:
    """Whether a heading stands over what others read, or should: articles that are elsewhere."""
    return _RANKING_HEADING.search(text) is not None


# "Continue reading" with the title after it is the longest of them.
_LABEL_CHARS = 200


def _whole(words: str) -> re.Pattern[str]:
    """The words and nothing else but signs; whole texts, so that "PDF格式的变迁" passes."""
    return re.compile(rf"[\W_]*+(?:{words})?[\W_]*+", re.IGNORECASE)


_FILE = (
    r"(?:html|pdf|docx?|xml|epub|ceb|caj)\s?(?:全文|下载|版)?"
    r"(?:\W{0,3}\d[\d.,]{0,9}\s?[kmg]?b?(?:\W{1,3}\d{1,6})?)?"
)
_LABEL = _whole(
    rf"\d{{1,4}}|第?\d{{1,5}}页|共\d{{1,5}}页|[A-Za-z]|{_FILE}"
    r"|(?:网站)?首页|首頁|主页|返回(?:首页|列表|顶部)?|(?:查看|阅读|了解)?更多(?:内容|文章|精彩)?"
    r"|全部|展开|收起|[上下前后]一?[页頁篇期卷条则]|尾页|末页|最后一页|第一页"
    r"|(?:中文|英文|图文|详细)?摘要|引用|可视化|图表|参考文献|相关文章|附加材料|补充材料"
    r"|(?:查看|阅读|下载|浏览)?(?:全文|详情|详细|原文)|全文(?:下载|阅读|浏览)|附件(?:下载)?"
    r"|在线(?:阅读|预览)|立即(?:阅读|下载)|点击(?:下载|查看|阅读)|下载|预览|查看|阅读"
    r"|分享|收藏|评论|点赞|转发|打印|登录|注册|投稿|订阅|留言|跟贴"
    r"|\d{1,9}\s?(?:跟贴|条?评论|回复|阅读)\s?\d{0,9}|微信|(?:新浪)?微博|qq空间|qq好友|朋友圈"
    r"|home|more|read\s(?:more|on|now|full\s\w{1,20})|continue\sreading.*|full\s?text|abstract"
    r"|view|download|details?|learn\smore|prev(?:ious)?(?:\s\w{1,20})?|next(?:\s\w{1,20})?"
    r"|older(?:\sposts)?|newer(?:\sposts)?|first|last|back|top|share|(?:\d{1,9}\s)?comments?"
    r"|leave\sa\scomment|log\s?in|register|rss|atom|email|print|cite|export|references|figures?"
    r"|supplementary\smaterials?|preview|続きを読む|もっと見る|一覧|더보기"
)
_OPENER = re.compile(
    rf"\W*+(?:{_FILE}|(?:全文)?下载|(?:阅读|查看|下载)?(?:全文|详情|详细|原文)|查看|阅读|附件"
    r"|view|download|details?|read\smore|full\s?text)\W*+",
    re.IGNORECASE,
)

# One of these is in every name of a whole issue; the pattern alone would take an empty text.
_ISSUE_WORD = re.compile(
    r"封|扉页|目[录次錄]|版权页|[彩插]页|广告|\d\s?期|电子|整[期本]|全[刊期]"
    r"|cover|matter|contents|toc|issue|vol|no\W?\W?\d|pdf",
    re.IGNORECASE,
)
_WHOLE_ISSUE = re.compile(
    r"[^\w《]*+(?:《[^》]{1,30}》\W*+)?"
    r"(?:(?:19|20)\d\d\s?年?\W*+)?(?:第?\s?\d{1,4}\s?卷\W*+)?"
    r"(?:第?\s?\d{1,4}(?:[-—~～]\d{1,4})?\s?期\W*+)?"
    r"(?:vol(?:ume)?\W*+\d{1,4}\W*+)?(?:(?:no|issue|number)\W*+\d{1,4}(?:\W{1,3}\d{1,4})?\W*+)?"
    r"(?:[(（]?(?:19|20)\d\d[)）]?\W*+)?(?:pp?\W*+\d{1,7}\W{1,3}\d{1,7}\W*+)?"
    r"(?:(?:19|20)\d\d-\d\d?-\d\d?\W*+)?"
    r"(?:封面(?:及目[录次])?|封[底一二三四]|扉页|目[录次錄]|版权页|彩页|插页|广告"
    r"|[中英]文?目[录次]|英文封[面一二三四]"
    r"|(?:电子(?:期刊|版|刊)|整期|全刊|整本|全期|本期|全文)"
    r"(?:pdf|全文|封面|目[录次]|下载|浏览|阅读|点击){0,3}|pdf"
    r"|(?:front|back|(?:in|out)side(?:\s\w{1,9})?)?\s?cover|front\s?matter|back\s?matter"
    r"|(?:table\sof\s)?contents|toc|(?:full|complete|entire|whole)\sissue)?[\W_]*+",
    re.IGNORECASE,
)

_RANKING_HEADING = re.compile(
    r"热[门点文读评搜榜]|最热|排行|排名|榜单?$|点击|浏览量|下载量|阅读量|推荐|猜你"
    r"|相关(?:阅读|文章|新闻|链接)|编辑精选|延伸阅读"
    r"|most\s(?:read|viewed|popular|cited|downloaded|accessed)|popular|trending|recommended"
    r"|related|you\smay|editor'?s?\s(?:pick|choice)|top\s(?:stories|articles)"
    r"|人気|ランキング|おすすめ|인기|추천",
    re.IGNORECASE,
)
