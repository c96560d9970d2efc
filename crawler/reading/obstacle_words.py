"""The wordings and machine marks of pages that are not the journal's. Data for obstacle.

Gathered from the firewalls' own pages as they are known in public; which of them a page shows
decides nothing alone: obstacle asks how much other text there is.
"""

from __future__ import annotations

import re

# Where a title must end, or turn to the site's name, to be no article's: 验证码的历史 goes on.
_STOP = r"(?=\W*$|\s*[-_|—–·:：!！,，。.…(（?？])"


def _title(begins: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{begins}){_STOP}", re.IGNORECASE)


# How the titles of such pages begin.
CHALLENGE_TITLE = _title(
    r"just a moment|attention required|checking your browser|one moment,? please"
    r"|please wait|ddos-guard|access (?:denied|to this page has been denied)"
    r"|are you (?:a )?(?:human|robot)|(?:let us know )?you['’]re not a robot"
    r"|human verification|security (?:check|verification)|robot (?:check|or human)|captcha"
    r"|pardon our interruption|request (?:rejected|unsuccessful)"
    r"|verify(?:ing)? (?:you|that)|(?:百度)?安全(?:验证|检查|检测)|(?:请输入)?验证码"
    r"|访问(?:验证|过于频繁|频率|受限|被拒绝|被拦截|异常)|人机(?:验证|识别)|身份验证"
    r"|滑(?:动|块)验证|行为验证|(?:网站|云|web应用)防火墙|创宇盾|加速乐|安全狗|云锁|云盾"
    r"|知道创宇|请稍[候等]|拦截提示|安全提示|waf|您的(?:请求|访问)"
)
LOGIN_TITLE = _title(
    r"(?:用户|会员|读者|作者|系统|统一身份|账号|请)?登[录陆]|统一身份认证|log ?in|sign ?in"
    r"|member login"
)
_GONE = (
    r"(?:抱歉|对不起|很遗憾|sorry)?\W{0,3}(?:[您你]?(?:所?(?:访问|请求|查看|浏览|要?找))?的?|[该此])"
    r"(?:页面|网页|文章|内容|信息|文件|资源|链接)"
    r"(?:不存在|不见了|找不到|未找到|无法访问|丢失|走失|出错了?"
    r"|已?被?[^，。]{0,6}删除|已?(?:过期|失效|下架))(?:或[^，。！]{0,12})?"
)
_ERROR = (
    r"(?:http )?(?:error\W{0,3}|错误\W{0,3})?(?:40[0345]|410|50[0234])"
    r"(?:[ -]*(?:not found|forbidden|unauthorized|bad gateway|internal server error"
    r"|gateway time-?out|service (?:temporarily )?unavailable|page|error|错误|页面?)){0,3}"
    r"|(?:page|file|object)?\s?not found|bad gateway|service unavailable"
    r"|internal server error|(?:the )?page (?:can(?:no|')t|not) be (?:found|displayed)"
    r"|(?:(?:server|application|runtime|database) )?error|(?:under|site) maintenance"
    r"|(?:运行时|系统(?:发生)?|程序|服务器(?:内部)?|访问|页面)?错误(?:提示|信息|页面?)?"
    r"|(?:页面|系统|程序|服务器)?出错[了啦]?|找不到(?:页面|网页|文件)"
    r"|没有找到(?:页面|内容|您)?|系统(?:维护|升级|繁忙|异常)中?"
    r"|网站(?:维护|升级|建设|暂停|关闭)+中?|服务器(?:维护|异常)中?|提示信息|信息提示"
)
ERROR_TITLE = _title(f"{_GONE}|{_ERROR}")
ERROR_WORDS = re.compile(rf"\W*(?:{_GONE}|(?:{_ERROR}){_STOP})", re.IGNORECASE)

CHALLENGE_WORDS = re.compile(
    r"checking (?:if the site connection is secure|your browser)"
    r"|enable javascript and cookies|verify(?:ing)? (?:that )?you are (?:a )?human"
    r"|review the security of your connection|(?:unusual|suspicious) (?:traffic|activity)"
    r"|not a robot|complete the (?:security check|captcha)"
    r"|your (?:ip|request) (?:address )?(?:has been|was) blocked|access denied|incident id"
    r"|(?:访问|请求|操作)(?:过于|太)?频繁"
    r"|请先?(?:完成|进行|输入|通过)(?:下方|以下|下列)?(?:安全)?(?:验证|图形验证码)|安全验证"
    r"|滑动验证|拖动滑块|向右滑动|点击进行验证|人机(?:验证|识别)|网站防火墙|云防护|已被拦截"
    r"|被(?:管理员|防火墙|系统)(?:设置)?拦截|不合法的?参数"
    r"|访问(?:可能)?(?:对网站)?造成(?:安全)?威胁|浏览器(?:安全)?检查|异常(?:访问|流量|请求)",
    re.IGNORECASE,
)
LOGIN_WORDS = re.compile(
    r"请您?(?:先|重新)?登[录陆](?!投稿)|登[录陆]后(?:才|方|再|即?可|查看|阅读)"
    r"|[您你]?(?:还|尚)?(?:没有|未)登[录陆]|登[录陆]已?(?:超时|过期|失效)|无权限?访问"
    r"|please (?:log|sign) ?in|you (?:must|need to|have to) (?:be logged|log|sign) ?in"
    r"|log ?in to (?:continue|view|read)|session (?:has )?expired",
    re.IGNORECASE,
)
LOGIN_FORM_WORDS = re.compile(r"登[录陆]|log ?in|sign ?in|密码|password", re.IGNORECASE)
LOGIN_URL = re.compile(r"/(?:user/)?(?:log[io]n|signin|passport|sso|cas|oauth)\b", re.IGNORECASE)
PASSWORD_FIELD = re.compile(r"<input[^>]{1,400}type\s*=\s*[\"']?password", re.IGNORECASE)

# What firewalls write for machines, by the firewall. Some stand on ordinary pages of their
# customers too.
MARKS = {
    "Cloudflare": r"_cf_chl_opt|cf[-_]chl|cf-browser-verification|cf-error-details"
    r"|challenges\.cloudflare\.com/turnstile|/cdn-cgi/challenge-platform/",
    "Akamai": r"errors\.edgesuite\.net|_abck|ak_bmsc|akam/\d+/|sec-if-cpt-container|bm-verify",
    "Imperva": r"_Incapsula_Resource|Incapsula incident|visid_incap|Request unsuccessful",
    "DataDome": r"captcha-delivery\.com",
    "PerimeterX": r"px-captcha|_pxAppId",
    "AWS": r"awswaf|aws-waf",
    "Sucuri": r"sucuri_cloudproxy",
    "Kasada": r"KPSDK",
    "加速乐": r"__jsl_clearance|__jsluid",
    "创宇盾": r"创宇盾|yunaq\.com|knownsec\.com|365cyd",
    "安全狗": r"safedog|安全狗",
    "云锁": r"yunsuo|云锁|security_session_verify",
    "阿里云": r"acw_sc__v\d|aliyun_waf|_waf_|errors\.aliyun\.com",
    "宝塔": r"btwaf|宝塔网站防火墙",
    "腾讯云": r"TencentCaptcha|captcha\.qq\.com|EO_Bot",
    "瑞数": r"\$_ts\s*[=\[]",
    "a captcha": r"g-recaptcha|hcaptcha\.com|initGeetest|geetest",
}
MARK = re.compile(
    "|".join(f"(?P<m{number}>{mark})" for number, mark in enumerate(MARKS.values())), re.IGNORECASE
)

# Scripts that set a cookie and load the page again, plain or packed.
SETS_COOKIE = re.compile(r"document\.cookie\s*=|document\[['\"]cookie|setCookie\(")
RELOADS = re.compile(r"location(?:\.(?:href|reload|replace|assign)|\s*=|\[['\"])|\.submit\(\)")
PACKED = re.compile(
    r"eval\(|String\.fromCharCode|\\x[0-9a-f]{2}.{0,40}\\x[0-9a-f]{2}|_0x[0-9a-f]{4}"
)
