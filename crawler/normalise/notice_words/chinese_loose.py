"""Chinese notices known by their parts alone: a use, a consent or a prohibition, and a text of the
speaker's in one sentence, whatever stands between them. Asked only where no wording of `chinese`
was met, so that what they let through is little. Nothing is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.normalise.notice_sign import Sign

if TYPE_CHECKING:
    from collections.abc import Mapping

# A sentence that speaks of the speaker's own texts.
_OURS = (
    "(?=[^。;!?]*(?:<work>|本[刊站网报会社](?![^。;!?]{0,8}?数据)|[本我][^,。;!?]{1,8}?(?:文|内容|资料|成果|全文|作品)(?!的?数据)|"
    "[此该这][^,。;!?]{0,3}?(?:文|作品)|上述|以上|全文|版权|著作权))"
)
_START = "(?:^|(?<=[。;!?\\n]))"
# What others would do with it.
_REUSE = (
    "(?:<copy>|另行传播|再传播|二次利用|二次传播|公开传播|上网|上传|发表|出版|翻译|改编|摘用|选用|商用|"
    "使用(?!方法|说明|手册)|利用(?!率))"
)
_ANYBODY = (
    "(?:任何人|任何单位|任何机构|所有人|公众|读者|大家|各界|社会各界|用户|师生|同[行仁]|个人)"
)

LOOSE: Mapping[Sign, tuple[str, ...]] = {
    Sign.ASKS: (
        (
            f"{_START}{_OURS}[^。;!?]*?{_REUSE}[^。;!?]{{0,40}}?(?:<must>|方可|才[能可])[^。;!?]{{0,20}}?"
            "(?:取得|获得|征得|得到|持有|办理|事先|预先|申请|经|凭)[^。;!?]{0,20}?"
            "(?:<grant>|授权书|许可函|手续)"
        ),
        f"{_START}{_OURS}[^。;!?]*?<unless>[^。;!?]{{0,50}}?{_REUSE}[^。;!?]{{0,30}}?(?:侵权|追究|违法|责任|<no>)",
        (
            f"{_START}{_OURS}[^。;!?]*?(?:未|没有?|不)(?:与|向|跟|和|同)[^,。;!?]{{1,14}}?"
            f"(?:<ask>|说明)[^。;!?]{{0,20}}?(?:<no>)[^。;!?]{{0,14}}?{_REUSE}"
        ),
    ),
    Sign.FORBIDS: (
        "(?:会员|内部|专享|内参|馆内)[^。;!?]{0,12}?(?:<no>)(?:外传|外泄|外流|传播|转发|翻拍)",
        (
            f"{_START}{_OURS}[^。;!?]*?<no>[^。;!?]{{0,16}}?(?:<reprint>|复制|复印|翻拍|扫描|下载|外传|外泄|传播|"
            "散发|分发|上网|镜像|另行)"
            "(?![^。;!?]{0,6}?(?:病毒|谣言|违法|有害|木马))"
        ),
        (
            "(?:仅供|只供|仅限|只限|限于)[^,。;!?]{0,14}?(?:阅览|阅读|馆内|内部|浏览)[^。;!?]{0,16}?"
            "(?:<no>|谢绝)[^。;!?]{0,16}?(?:<copy>|下载|外传|外借|打印)"
        ),
    ),
    Sign.ALLOWS: (
        # What is asked in return is known, or that it is not for trade.
        (
            "(?=[\\s\\S]*(?:非商|公益|商业|商用|营利|牟利|<mark>))(?:<leave>)[^,。;!?]{0,6}?"
            "(?:使用|取用|传播|复制|分享|散发|翻印)[^,。;!?]{0,4}?(?:<work>|本[文刊站](?!投稿|的?[^,。;!?]{0,4}系统))"
        ),
        (
            "(?=[\\s\\S]*(?:非商|公益|商业|商用|营利|牟利))(?:公益|学校|图书馆|个人|师生|教师|读者)[^。;!?]{0,20}?"
            "(?<!不)(?:可|允许|欢迎)[^。;!?]{0,16}?(?:使用|复制|传播|引用|转载|翻印)"
        ),
        (
            f"{_START}{_OURS}[^。;!?]*?(?:允许|准许|同意|欢迎|许可|授权)(?:<gap>)?{_ANYBODY}?[^。;!?]{{0,30}}?"
            "非(?:商业|营利|盈利|商用)[^。;!?]{0,24}?(?:<copy>|传播|分享|使用|散发)"
        ),
        (
            f"{_START}{_OURS}[^。;!?]*?{_ANYBODY}[^,。;!?]{{0,6}}?(?:均可|皆可|都可以?|可以?)(?:自由|无偿|免费|任意|随意)"
            "[^,。;!?]{0,8}?(?:<copy>|使用|传播|分享)"
        ),
    ),
}
