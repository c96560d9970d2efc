from __future__ import annotations

import pytest

from archive.model import EntryState, NoticeClass
from archive.rights import decide
from sources.model import Rights
from tests.factories import notice
from web.headers import robots_tag


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        (NoticeClass.OPEN_LICENSE, None),
        (NoticeClass.FREE, None),
        (NoticeClass.FREE_ATTRIBUTION, None),
        (NoticeClass.NC_ATTRIBUTION, "noarchive"),
        (NoticeClass.PERMISSION, "noarchive"),
        (NoticeClass.RESERVED, "noarchive"),
        (NoticeClass.THIRD_PARTY, "noarchive"),
        (NoticeClass.NONE, "noarchive"),
        (NoticeClass.FORBIDDEN, "noindex, noarchive"),
    ],
)
def test_search_engines_keep_no_copy_of_what_is_closed(kind: NoticeClass, tag: str | None) -> None:
    carry = decide(notice(kind), source_rights=Rights(), noncommercial=False, state=EntryState.LIVE)
    assert robots_tag(carry) == tag
