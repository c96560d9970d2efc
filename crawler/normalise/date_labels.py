"""What the words beside a date say that it is: the tables of READING.md §4, nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from crawler.normalise.date_words import WEEKDAY, flatten

Meaning = Literal[
    "published",
    "issued",
    "online",
    "printed",
    "updated",
    "received",
    "revised",
    "accepted",
    "accessed",
    "event",
    "copyright",
]

# In order of trust: the first that a page gives is when it was published (READING.md §4).
PUBLICATION: Final[tuple[Meaning, ...]] = ("online", "printed", "published", "issued")

# One line a language. Spaces inside a label are underscores; Chinese labels are matched with the
# spaces between their signs taken out, so 发 布 时 间 is here as well.
LABELS_BY_MEANING: Final[dict[Meaning, str]] = {
    "published": """
        发布时间 发布日期 发布于 发布 发表时间 发表日期 发表于 发表 刊发时间 刊发日期 刊发
        刊登时间 刊登日期 发稿时间 文章时间 上传时间 上传日期 添加时间 添加日期
        录入时间 录入日期 创建时间 创建日期 公布时间 公布日期 公开日期 新闻时间 播发时间 时间 日期
        上线 推送时间 入库时间 加入时间 发帖时间 刊载时间 刊载日期 刊载于 登载时间 登载日期 见报时间
        见报日期 生成日期 公告日期 公告时间 公示时间 上网时间 上网日期 提交时间 首次发布 發布時間
        發布日期 發佈時間 發佈日期 發布於 發佈於
        發布 發佈 發表時間 發表日期 發表於 發表 刊發時間 上傳時間 建立時間 公布時間 時間
        發稿時間 發稿日期 張貼日期 張貼時間 建立日期 公告時間 上版日期 上版時間 上稿日期 刊登日期
        刊登時間 公開日 公開日時 公開 掲載日 掲載日時 掲載 配信日 配信 投稿日
        投稿日時 作成日 発表日 日付 登録日
        등록일 등록일시 등록 작성일 작성일자 게시일 게시일자 입력 기사입력 최초입력 승인 공개일
        날짜
        published_on published published_at publication_date date_published posted_on posted
        date_posted pub_date pubdate release_date created_on created date publish_date
        posted_at date_added added_on uploaded uploaded_on veröffentlicht veröffentlicht_am
        veröffentlichungsdatum datum erstellt
        erstellt_am publiziert publié publié_le date_de_publication mis_en_ligne mise_en_ligne
        posté_le publicado publicado_el publicado_em fecha_de_publicación fecha data pubblicato
        pubblicato_il data_de_publicação data_di_pubblicazione gepubliceerd gepubliceerd_op
        опубликовано дата_публикации publikacja data_publikacji
    """,
    # Of the paper that a page puts up; a date of publication beside it is the page's.
    "issued": """
        发文时间 发文日期 發文時間 發文日期
    """,
    "online": """
        网络首发 网络首发时间 网络首发日期 网络出版 网络出版时间 网络出版日期 优先出版
        优先出版日期 优先数字出版 在线发布 在线发布时间 在线发布日期 在线出版 在线出版日期
        在线发表 网络版发表 网络发表 上线日期 上线时间 首发时间 網路首發 線上發表 線上出版日期
        網路公開日期
        online published_online first_published first_published_online first_online
        available_online online_first online_date early_online online_publication_date epub
        epub_date advance_access_publication online_veröffentlicht online_publiziert
        publié_en_ligne publicado_en_línea
        オンライン公開 早期公開 早期公開日
        온라인게재일 온라인발행일
    """,
    "printed": """
        出版 刊出日期 刊出时间 刊出 出版日期 出版时间 出版年月 出刊日期 出刊 发行日期 发行时间
        印刷日期 见刊时间 见刊日期 出版時間 發行日期 發行日 出版日 発行日 発行年月日 発行 発刊
        刊行日 出版年月日
        발행일 발행일자 발행 출판일
        published_in_print print_publication_date issue_date cover_date date_of_issue issued
        print_date publication_in_print erscheinungsdatum erschienen erschienen_am paru_le
        date_de_parution
    """,
    "updated": """
        更新时间 更新日期 更新于 更新 最后更新 最后更新时间 最近更新 最近更新时间 最新更新
        修改时间 修改日期 修改于 最后修改 最后修改时间 编辑于 最后编辑 最后编辑于 校订时间
        更新時間 更新於 最後更新 最後更新時間 修改時間 最後修改 編輯於 更新日 更新日時 最終更新
        最終更新日 最終更新日時 修正日
        수정 수정일 수정일시 최종수정 최종수정일 기사수정 업데이트
        updated updated_on last_updated last_updated_on last_update update modified modified_on
        last_modified date_modified last_edited edited last_revised_on last_changed aktualisiert
        aktualisiert_am zuletzt_aktualisiert stand letzte_änderung geändert mis_à_jour
        mis_à_jour_le mise_à_jour dernière_mise_à_jour modifié_le actualizado actualizado_el
        última_actualización modificado atualizado atualizado_em aggiornato aggiornato_il
        bijgewerkt обновлено изменено
    """,
    "received": """
        收稿日期 收稿时间 收稿 收稿日 收到日期 收到 投稿日期 投稿时间 送审日期
        来稿日期 来稿时间 来稿 交稿日期 交稿时间
        受理日期 收稿於 收件日期 收件 受付 受付日 原稿受付 原稿受付日 受稿日
        접수 접수일 접수일자 투고일 원고접수일 논문접수
        received received_on received_date submitted submitted_on date_submitted submission_date
        manuscript_received date_received eingegangen eingereicht eingang reçu reçu_le recibido
        recibido_el ricevuto recebido
    """,
    "revised": """
        修回日期 修回时间 修回 修订日期 修订 修改稿 修改稿日期 修改稿收到日期 改回日期
        收修改稿日期 收到修改稿日期 返修日期 修訂日期 改稿日 改訂日 改訂 修正受付
        수정접수 수정원고접수 심사완료일 심사일
        revised revised_on date_revised received_in_revised_form revision_received in_revised_form
        überarbeitet révisé révisé_le revisado
    """,
    "accepted": """
        錄用 录用日期 录用时间 录用 接受日期 接受 接收日期 定稿日期 终审日期 採用日期 接受刊登
        錄用日期 通過日期 受理 受理日 採択 採択日 採録 採録日
        게재확정 게재확정일 게재승인 게재승인일 게재결정일 확정일
        accepted accepted_on accepted_date date_accepted acceptance_date accepted_for_publication
        angenommen angenommen_am accepté accepté_le aceptado aceptado_el accettato aceito
    """,
    "accessed": """
        访问日期 访问时间 访问 引用日期 检索日期 检索时间 浏览日期 查阅日期 下载时间 今天是 今天
        登录时间 最近登录 最后登录 上次登录
        打印日期 打印时间 现在是 现在时间 当前时间 当前日期 北京时间 今日 訪問日期 檢索日期 今天日期
        参照日 閲覧日
        最終閲覧日 アクセス日
        참조일 검색일 접속일 오늘
        accessed accessed_on date_accessed retrieved retrieved_on last_accessed access_date cited
        viewed abgerufen abgerufen_am zugriff zugriff_am heute consulté consulté_le consultado
        consultado_el consultato today today_is
    """,
    "event": """
        会议时间 会议日期 召开时间 截稿日期 截稿时间 截稿 截止日期 截止时间 截止 截至 报名时间
        报名截止
        考试时间 活动时间 举办时间 开幕时间 开播时间 展览时间 讲座时间 出生日期 出生 生于 上映日期
        备案时间 备案日期 注册时间 注册日期 生效日期 施行日期 实施日期 实施 施行 起施行 拍摄时间
        拍摄日期 摄于
        成文日期 成文时间 成立时间 成立日期 创刊时间 创刊日期 有效期至 有效期 有效期限 有效日期
        写 寫 写作时间 写作日期 會議時間 報名時間
        活動時間 舉辦時間 生於
        成立時間 創刊 有效期間 徵稿截止 開催日 開催日時 開催期間 締切 締切日 応募締切 生年月日
        創刊年月
        개최일 마감 마감일 행사일 일시 기간 생년월일
        deadline due due_date event_date conference_date date_of_birth born founded established
        held_on released in_stores street_date einsendeschluss geboren né_le fecha_límite starts
        ends expires valid_until
    """,
    "copyright": """
        © copyright copyright_© copyright_(c) (c) ©copyright
        版权所有 版權所有 版权 著作権
        저작권
    """,
}

MEANING_OF_LABEL: Final[dict[str, Meaning]] = {
    label.replace("_", " "): meaning
    for meaning, labels in LABELS_BY_MEANING.items()
    for label in labels.split()
}
_LONGEST: Final = max(map(len, MEANING_OF_LABEL))
# 上课时间, 开放日期, 特写: with another word before them these say something else.
_ONLY_ALONE: Final = frozenset(
    ("时间", "日期", "時間", "今天", "今日", "上线", "访问", "接受", "出生", "写", "寫")
)

# What may stand directly behind a date: 2005-04-28 11:13更新, 2020-11-10收稿.
_AFTER: Final = r"""
    网络版发表 发布 发表 刊发 刊出 出版 更新 收稿 收到 修回 录用 接受 發布 發佈 發表 錄用
    公開 掲載 配信 発行 受付 受理 등록 수정 입력 접수 게재확정
    实施 施行 起施行 拍摄 摄 攝 \w{0,20}(?:大会|会议|全会|委会)\w{0,6}(?:通过|修订|修正)
    [写作寫][于於]\w{0,12}
    posted published updated received accepted revised
"""
_LABEL_AFTER: Final = re.compile(
    rf"[\s)\]]{{0,2}}(?:\|\s?(?=(?:originally|first)\b))?(?:(?:originally|first)\s)?"
    rf"(?P<label>{'|'.join(_AFTER.split())})"
    r"(?=$|[\s\d,;。，；)\]|/·]|来源|來源)(?!\s*(?:时间|日期|時間|者|于|於|:))",
    re.IGNORECASE,
)

_BESIDE_A_LABEL = 3  # 发 布 日 期, (Re)Published
_MARKS = " :|@-~[](){}<>\"'*•·,/。，、=>→＝"
_LINKING = re.compile(
    rf"(?<![^\W_])(?:on|at|am|le|el|il|em|the|in|of|{WEEKDAY},?)$|[于於为為]$", re.IGNORECASE
)
_SPACE_IN_CJK = re.compile(r"(?<=[\u3040-\u9fff\uac00-\ud7a3])\s+(?=[\u3040-\u9fff\uac00-\ud7a3])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label as it was matched (lower case, closed up), and where it ends in the text."""

    text: str
    meaning: Meaning
    end: int

    @property
    def start(self) -> int:
        return self.end - len(self.text)


def find_label_before(flat: str, start: int, *, since: int = 0) -> Label | None:
    """The label that ends right before the date at `start`; nothing before `since` counts."""
    tail = flat[max(since, start - 2 * _LONGEST) : start].rstrip(_MARKS)
    tail = _LINKING.sub("", tail).rstrip(_MARKS)
    joined = _SPACE_IN_CJK.sub("", tail).casefold()
    for length in range(min(_LONGEST, len(joined)), 0, -1):
        meaning = MEANING_OF_LABEL.get(joined[-length:])
        if meaning and _is_whole_word(joined, length, tail):
            return Label(text=joined[-length:], meaning=meaning, end=start)
    return None


def find_label_after(flat: str, end: int) -> Label | None:
    """The label that follows the date ending at `end`: `11:13更新`."""
    match = _LABEL_AFTER.match(flat, end)
    if not match:
        return None
    text = match["label"].casefold()
    return Label(text=text, meaning=MEANING_OF_LABEL.get(text, "event"), end=match.end())


def is_label(text: str) -> bool:
    """Whether a text is a label and hardly more: 发布日期：, in a cell of its own."""
    flat = flatten(text)
    label = find_label_before(flat, len(flat))
    return label is not None and len(flat.strip(_MARKS)) <= len(label.text) + _BESIDE_A_LABEL


def _is_whole_word(joined: str, length: int, tail: str) -> bool:
    """Not the end of a longer word: `date` in `update`, 时间 in 上课时间."""
    label, before = joined[-length:], joined[-length - 1 : -length]
    if label in _ONLY_ALONE:
        return re.search(r"(?<!\w)" + r"\s*".join(label) + "$", tail) is not None
    return not (_is_cased(label[0]) and _is_cased(before))


def _is_cased(sign: str) -> bool:
    """A letter of an alphabet, where words are parted by spaces."""
    return sign.lower() != sign.upper()
