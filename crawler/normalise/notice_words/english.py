"""How English notices speak."""

from __future__ import annotations

from crawler.normalise.notice_sign import LICENSE_MARK, Sign, Words

_VOCABULARY = {
    "reprint": (
        r"\bre-?(?:produc(?:e[sd]?|ing|tions?)|publish\w*|publications?|print\w*|"
        r"post(?:s|ed|ing)?|distribut\w+|broadcast\w*|circulat\w+|transmi\w+)\b|"
        r"\bcop(?:y|ies|ied|ying)\b|\bduplicat\w+|(?<!flux\sde\s)\bsyndicat\w+|\bmirror(?:ed|ing)\b"
    ),
    "use": (
        r"<reprint>|\bpublish\w*|\bpublication\b|\bdistribut\w+|\btransmi\w+|\bdisseminat\w+|"
        r"\breus\w+|\bre-us\w+|\bus(?:e|ed|ing)\b|\bexcerpt\w*|\btranslat\w+|\bdisplay\w*"
    ),
    # Doing the same in everyday words: that counts only beside a text of the speaker's.
    "move": (
        r"<use>|\b(?:run|carry|carri|pick\sup|borrow|lift|print|quot|photocop|forward|adapt|upload|"
        r"post|pass|paste|past(?:ing)|put|host|translat|reus)\w*"
    ),
    "ours": (
        r"\b(?:this|these|our|my|its|any\sof\s(?:our|these))\s(?:\w+\s){0,2}?(?:pieces?|articles?|"
        r"stor(?:y|ies)|posts?|essays?|texts?|notes|columns?|materials?|contents?|reports?|"
        r"interviews?|papers?|poems?|recipes?|pages|words|leaflets?|writings?|work|fact\ssheets?|guides?|"
        r"releases?)\b|\b(?:full|whole|complete|entire)\s(?:text|article)\b|"
        r"\banything\s(?:here|on\s(?:this|our)|you\s(?:find|read|see))\b"
    ),
    "moves": (
        r"(?:<move>)[^.;!?]{0,30}?(?:<ours>)(?!\sby\b)|(?:<move>)\s(?:\w+\s){0,3}?from\s"
        r"(?:this|our)\s(?:\w+\s)?(?:site|website|page|blog|journal|magazine|paper)\b"
    ),
    "welcome": (
        r"\b(?:are|is|feel|you're)\s(?:\w+\s)?(?:free|welcome|invited|encouraged)\sto|"
        r"\bhappy\s(?:for|to\slet)\b|\bgo\sahead\sand\b|\bby\sall\smeans\b"
    ),
    "ask": (
        r"\bcontact\b|\bdrop\s(?:us|me|our|the)\b|\bwrite\sto\b|\bwrite\sfirst|\bask\b(?!\sfor\s(?!permission|leave|consent))|"
        r"\be-?mail\s(?!updates|alerts|newsletter|address|it\b|this\b|a\sfriend)|\bget\sin\stouch|\btalk\sto\sus|"
        r"\bcheck\swith|\bspeak\s(?:to|with)\b|\bcall\sus|\bapply\b|\brequest\b|"
        r"\bwait\sfor\s|\bmessage\s(?:us|me|the)|\bpermission\b|\bconsent\b|\bapproval\b|"
        r"\bclear(?:ed)?\sit\swith|\bour\sokay|\bour\sok\b"
    ),
    "not": r"(?:may|must|can|shall|should|will)\s?not\b|\bcannot\b|\bcan't\b",
    "banned": (
        r"prohibited|forbidden|disallowed|not\s(?:\w+\s)?(?:allowed|permitted|authori[sz]ed)|"
        r"unlawful|illegal|violat\w+|infring\w+|punishable|theft"
    ),
    "grant": (
        r"permission|consent|authori[sz]ation|approval|authority|licen[cs]e|agree(?:ment|[sd])"
    ),
    "unless": (
        r"\b(?:without|(?:except|save|other\sthan)\s(?:with|by|as)|until|before|unless|absent|only\s(?:with|after|by|upon)|"
        r"subject\sto|prior\sto)\b<s>(?:<grant>|permitted|authori[sz]ed)|"
        r"\bwithout\s(?:first\s)?(?:asking|contacting|checking)\b|\bwithout\s(?:our|my|the|an?)\s"
        r"(?:\w+\s)?(?:okay?|say-so|yes|blessing|nod)\b"
    ),
    # A sentence, and a clause: full stops inside addresses do not end the first.
    "s": r"(?:(?!\.\s)[^;!?。]){0,90}?",
    "c": r"[^.;!?。]{0,70}?",
    "here": (
        r"\b(?:this|these|our|the|all|any)\s(?:\w+\s){0,3}?(?:works?|articles?|site|website|blog|"
        r"page|posts?|contents?|texts?|materials?|stor(?:y|ies)|journals?|papers?|publications?|"
        r"reports?|information|documents?|newsletters?|bulletins?|magazines?|issues?|sheets?|leaflets?|guides?|booklets?|pamphlets?|it)\b|"
        r"\bcontents?\b|\btext\b|\barticles?\b"
    ),
    "this": (
        r"\b(?:this|the\s(?:above|following|preceding))"
        r"\s(?:\w+\s){0,2}?(?:article|story|post|piece|essay|column|interview|report|paper|text|"
        r"excerpt|op-ed|content|item|blog|review|page|work|commentary|feature|version|analysis|"
        r"chapter|letter|speech)\b"
    ),
    "date": (
        r"(?:the\s|our\s)?(?:print\sedition|\d|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b|"
        r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|print\b|line\b)"
    ),
    "once": r"(?:re)?(?:published|posted|printed|written|featured|released|aired)|appeared|ran",
    "credit": (
        r"\bcredit(?:s|ed|ing)?\b(?!\scards?)|\battribut\w+|\backnowledg\w+|\bcit(?:e|ed|ing|ation)\b|"
        r"\blink(?:s|ed|ing)?\s(?:back\s)?(?:to|is|must|back)|"
        r"\b(?:back)?link\b(?!\s(?:below|above|here))|"
        r"\bmention\w*\s(?:of\s)?(?:the\s|its\s)?(?:source|author|origin)|\bbyline|"
        r"\bsources?\s(?:is|are|must\sbe|be)\s|\bnam(?:e|es|ed|ing)\s(?:\w+\s){0,2}?"
        r"(?:sources?|authors?|origin|us\b)|\bkeep\w*\s(?:the\s)?(?:authors?'?s?\s)?(?:names?|"
        r"bylines?|credits?)\b|\bmention\w*\swhere\sit\s(?:came|comes)|"
        r"\bname\sof\sthe\s(?:author|source)|\ba\sline\s(?:saying|reading|naming|with)\b|"
        r"\bsay(?:ing)?\swhere\s(?:it|you)\s|\bour\sname\b|"
        r"\bindicat\w+\sthe\ssource|\bstat\w+\sthe\ssource"
    ),
    "if": (
        r"provided|providing|as\slong\sas|so\slong\sas|on\scondition|if\b|with\b|please|must|"
        r"should|when|subject\sto"
    ),
    "others": (
        r"\b(?:code|software|datasets?|data|fonts?|icons?|music|podcasts?|photos?|images?|videos?|"
        r"figures?|pictures?|books?|tools?|maps?)\b"
    ),
    "guests": (
        r"\b(?:comments?|letters?|submissions?|manuscripts?|reviews|feedback|e-?mails?|replies|"
        r"photos?|images?|results?|findings)\b"
    ),
    "hopes": r"\b(?:aspires?|hopes?|plans?|aims?|intends?|might|may\snot|can|could)\b",
    "licence": LICENSE_MARK,
}

WORDS = Words(
    language="en",
    hint=(
        r"re-?p(?:rint|ublish|ublicat|ost|roduc)|re-?(?:distribut|broadcast|us)|cop(?:y|ied)|"
        r"duplicat|syndicat|licen[cs]|permission|consent|appeared|published|posted|share\sthis|"
        r"photocop|approval|unless|public\sdomain|paste|go\sahead|quot(?:e|ing)\s|without\s(?:asking|checking|our|my|first)|lift|welcome\sto|free\sto|may\spublish|drop\s(?:us|our)|(?:use|run|print|reus|carry)\w*\s(?:our|this|these|any)\b|"
        r"excerpt|taken\sfrom|cross-?post|translated|adapted|©|\(c\)|rights reserved|"
        + LICENSE_MARK
    ),
    vocabulary=_VOCABULARY,
    drops={
        Sign.TRADEMARK: (r"^(?![\s\S]*(?:<reprint>))[\s\S]*\b(?:trade|service)\s?marks?\b",),
        Sign.AUTHORS: (
            (
                r"\b(?:manuscripts?|submissions?|submitted|submitting)\b|"
                r"\bauthors?\s(?:retain|grant|agree|warrant)\b|"
                r"\bauthors\s(?:must|should|need|are\s(?:responsible|required))\b"
            ),
        ),
        Sign.IMAGE: (
            (
                r"\b(?:wikimedia|flickr|unsplash|pixabay|pexels|noun\sproject|own\swork|"
                r"shutterstock|getty)\b"
            ),
        ),
        # Terms of a licence, restated: they forbid only what breaks it.
        Sign.OTHER_WORK: (
            (
                r"\bpermitted\swhich\sdoes\snot\scomply|"
                r"\bnot\sincluded\sin\sthe\s(?:article|work)|\bpermissions\sbeyond\sthe\sscope|"
                r"\bexceeds\sthe\spermitted\suse"
            ),
        ),
    },
    masks={
        # Leave, though it speaks of permission: none is needed.
        Sign.ALLOWS: (
            (
                r"\bno\s(?:prior\s|special\s|further\s|written\s)?(?:permission|consent|licen[cs]e)"
                r"\s(?:is\s)?(?:needed|required|necessary)\s(?:to|for|before)\s<c><reprint>"
            ),
            (
                r"\b(?:do\snot\s(?:need|have)|don't\s(?:need|have)|need\snot|no\sneed)\s(?:to\s)?"
                r"(?:ask|seek|request|obtain|get)?\s?(?:for\s)?(?:our\s|any\s|prior\s|further\s)?"
                r"permission\s(?:to|for|before)\s<c><reprint>"
            ),
        ),
        Sign.IMAGE: (
            # A picture's words, where a page was made plain text.
            r"\[(?:image|img|logo|badge|icon)\b[^\]\n]{0,100}\]",
            (
                r"(?:^|(?<=[\n.;|(]))\W{0,3}(?:photo(?:graph)?s?|images?|pictures?|illustrations?)"
                r"\s(?:may|must|can)\snot\b[^.;\n]{0,80}"
            ),
            (
                r"(?:^|(?<=[\n.;|(]))\W{0,3}(?:symbol|title|titel|header|cover|featured?\s|lead\s|"
                r"top\s)?(?:photo(?:graph)?|image|picture|illustration|cover|video|icon|graphic|"
                r"artwork|banner|thumbnail|map|figure)s?\b(?!\sand\s(?:text|content|article))"
                r"(?:\s(?:credits?|sources?|courtesy|copyright))?\s?(?:[:©(/|–-]|by\b|via\b|"
                r"courtesy|from\b|credit|source|licen|is\b|are\b|cc\b|<licence>)[^\n]{0,160}"
            ),
        ),
        Sign.ASKS_COMMERCE: (
            (
                r"(?:^|(?<=[.;!?\n]))\s*(?:businesses|companies|commercial\susers)\b[:,]?\s?(?:please\s|"
                r"must\s|should\s)*(?:contact|e-?mail|write|ask)[^.!?]{0,60}"
            ),
            (
                r"(?:for\s|any\s)?(?<!non-)(?<!non)(?<!non\s)"
                r"\bcommercial\s(?:re-?use|use|usage|purposes?|reproduction|republication|"
                r"reprint\w*|licens\w+)(?:(?!prohibited|forbidden)[^.;!?]){0,50}?(?:permission|"
                r"contact|licen[cs]\w+|consent|require|request|authori)<s>(?=$|[.;!?\n])"
            ),
        ),
    },
    signs={
        Sign.FORBIDS: (
            r"<here><c>(?:<not>)\s(?:\w+\s)?be\s<c><reprint>",
            r"(?:may|must|shall)\snot\s(?:\w+\s)?be\s<c><reprint>",
            r"(?:<not>)\s(?:be\s)?(?:\w+ly\s)?<reprint><c>(?:in\s(?:whole|any|part)|<here>)",
            r"\bdo(?:es)?\snot\s(?:allow|permit|want|wish)\b<c><reprint>",
            r"\b(?:no|nothing|none)\b<c>\bmay\sbe\s<c><reprint>",
            r"\b(?:(?:no\sone|nobody)\smay|you\s(?:may|must)\snot)\s(?:\w+\s){0,3}?<reprint>",
            (
                r"(?:^|[.;!?:|\n(]\s*|\bplease\s)(?:do\snot|don't|never)\s(?:\w+ly\s)?<reprint>"
                r"(?!\s(?:your|his|her|their|others?)\b)"
            ),
            (
                r"<reprint><c>(?:prohibited|forbidden|disallowed|"
                r"not\s(?:\w+\s)?(?:allowed|permitted|authori[sz]ed))"
            ),
            r"\b(?:prohibits?|prohibited\sto|forbidden\sto|forbids?)\b<c><reprint>",
            r"(?:^|[.;!?|\n(])\s*no\s(?:part|portion)\b<c><reprint>",
            r"(?:^|[.;!?|\n(])\s*no\s(?:\w+\s)?<reprint>",
            (
                r"\bnot\s(?:for|to\sbe)\s(?:re)?(?:publication|published|printed|reprinted|"
                r"distribut\w+|reproduced|reproduction|copied)\b"
            ),
        ),
        Sign.ASKS: (
            (
                r"(?:<not>|\bno(?:t|thing)?\b|\bdon't\b|\bonly\b|"
                r"<banned>)<s>(?:<reprint>)<s><unless>|"
                r"(?:<reprint>)<s>(?:<unless><s>(?:<banned>)|(?:<banned>)<s><unless>)"
            ),
            (
                r"(?:<grant>)\sto\s(?:\w+\s){0,2}?<reprint><c>\b(?:must|should|obtained|sought|"
                r"required)\b"
            ),
            r"<reprint><c>\b(?:by|with)\s(?:\w+\s){0,2}?(?:<grant>)\sonly\b",
            r"<reprint><c>\bby\s(?:prior\s|special\s)?arrangement\b",
            r"\bno\sunauthori[sz]ed\s(?:\w+\s)?(?:<use>)",
            r"(?:<reprint>)\s(?:permissions?|rights)\b<s>\b(?:contact|e-?mail|write|ask)\b",
            r"<here><c>(?:<not>)\s(?:\w+\s)?be\s<c>\bused?\b<s><unless>",
            r"<unless><s><reprint>",
            r"(?:^|[.;!?|\n(])\s*no\s(?:part|portion|content)\b<s><unless>",
            r"\bunauthori[sz]ed\b<c>(?:<use>)<c>(?:<banned>)",
            r"<reprint><c>\bunauthori[sz]ed\b",
            (
                r"\brequests?\s(?:to|for)\s<c>(?:<reprint>)<c>"
                r"\b(?:address|sent|direct|contact|made|go\sto)"
            ),
            (
                r"\b(?:<grant>)\b<c>\b(?:required|needed|necessary|must\sbe|should\sbe|before)"
                r"\b<c>(?:<reprint>)"
            ),
            (
                r"(?:<reprint>)<c>\brequires\sa\slicen[cs]e\b|"
                r"(?:<reprint>)<c>\b(?:require[sd]?|needs?|must\shave|obtain|by|with)"
                r"\s<c>\b(?:permission|consent|authori[sz]ation|approval)\b"
            ),
            (
                r"\b(?:for|request\w*|obtain\w*|seek\w*|needs?|require\w*|get)"
                r"\s(?:\w+\s){0,3}?(?:<grant>)s?\s(?:\w+\s){0,3}?to\s(?:\w+\s){0,2}?(?:<reprint>)"
            ),
            (
                r"\b(?:contact|e-?mail|write\sto|ask|get\sin\stouch|apply|inquir\w+|enquir\w+)"
                r"\b<s>(?:<reprint>)(?!s?\s(?:department|office|desk|us))"
            ),
            (
                r"\b(?:to|wish|would\slike|want|before)\s(?:to\s)?(?:<reprint>)"
                r"<s>\b(?:contact|e-?mail|write\sto|ask|get\sin\stouch|apply|permission)\b"
            ),
            # Who would re-publish, and what they have to do first, perhaps in the next sentence.
            (
                r"\b(?:want|wish|wishing|like|hop(?:e|ing)|looking|interested|planning|plan|keen|"
                r"intend|anyone|before|to)\b[^.;!?]{0,30}?(?:<moves>)[^.;!]{0,80}?"
                r"(?:<ask>)"
            ),
            (
                r"(?:<not>|\bdo\snot\b|\bdon't\b|\bno(?:thing|ne)?\b)[^.;!?]{0,20}?(?:<moves>)<s>"
                r"<unless>"
            ),
            r"(?:<ours>)[^.;!?]{0,20}?\bnot\b[^.;!?]{0,20}?(?:<move>)<s><unless>",
            r"\b(?:contact|ask|e-?mail|write\sto)\b[^.;!?]{0,30}?(?:<grant>)\sto\s[^.;!?]{0,10}?(?:<moves>)",
            r"\brequests?\s(?:to|for)\s[^.;!?]{0,10}?(?:<moves>)[^.;!?]{0,20}?\b(?:must|should|approv)",
            r"\bask\b(?!\syour)[^.;!?]{0,20}?\bbefore\b[^.;!?]{0,20}?(?:<moves>)",
            r"(?:<reprint>)\s?\?\s?[^.;!]{0,20}?(?:<ask>)",
            r"\b(?:discuss|consider)\s[^.;!?]{0,20}?(?:<reprint>)",
            (
                r"(?:<moves>)[^.;!?]{0,40}?\b(?:require[sd]?|needs?|must\shave|calls\sfor)\b"
                r"[^.;!?]{0,30}?(?:<grant>)"
            ),
            r"(?:<reprint>)\s(?:rights|requests|permissions?|enquiries|inquiries)<s>@",
        ),
        Sign.UNLESS: (
            "<unless>",
            r"\b(?:require[sd]?|obtain|needs?|ask)\s(?:\w+\s){0,4}?(?:permission|consent)\b",
        ),
        Sign.ALLOWS: (
            (
                r"(?<!not\s)\b(?:free|freely|welcome|encouraged?|encourages?|allowed|invited|"
                r"permitted|granted)\b<c>\bto\b<c>(?:<reprint>|"
                r"\bshare\s(?:this|our)\s(?:article|text))"
            ),
            (
                r"(?<!\bno\s)(?<!\bnone\sof\s)(?:<here>)<c>\b(?:may|can)\sbe\s(?:freely\s|"
                r"\w+\s)?<c>(?:<reprint>|distributed|"
                r"shared|reused)"
            ),
            r"\bno\srights\sreserved\b",
            r"(?:^|[.;!?]\s*)(?:copy|print|reprint|share)\s(?:it|them|this)\b[^.;!?]{0,30}?\b(?:pass|share|give|hand)\s(?:it|them)\s(?:on|around|along|away)",
            r"\buse\sof\s(?:our|these|this|the)\s(?:texts?|articles?|contents?)\b<c>\bfree\b",
            r"<reprint>[^.;!?]{0,20}?\bas\syou\s(?:like|please|wish|want)\b",
            r"\bplease\s(?:copy|reprint|photocopy)\sand\s(?:pass|share|distribut|circulat)",
            r"(?:^|[.;!?]\s*)<reprint>\s(?:it\s|them\s)?freely\b",
            r"\b(?:may|can)\sbe\sfreely\s(?:<reprint>|distributed|shared)",
            (
                r"\b(?:anyone|everyone|readers|publications|newspapers|media|schools|teachers|"
                r"charities|libraries|journals|newsletters|magazines|websites|organi[sz]ations|"
                r"individuals)(?:,?\s(?:and\s|or\s)?\w+){0,3}?\s(?:may|can)\s(?!not)"
                r"(?:\w+\s){0,2}?(?:<reprint>)"
            ),
            (
                r"\byou\s(?:may|can|are\sfree\sto)\s(?:freely\s|also\s)?(?:<reprint>|"
                r"share\s(?:this|our)\s(?![^.;!?]{0,40}?\b(?:using|via|by|on|link|button|friends?)\b))"
            ),
            (
                r"(?:<reprint>)(?:(?!\bnot\b|\bno\b)[^.;!?]){0,60}?\b(?:is|are)"
                r"\s(?:\w+ly\s)?(?:authori[sz]ed|permitted|allowed|encouraged|welcome|granted|"
                r"free)\b"
            ),
            (
                r"\brepublish\s(?:this|our|the)\s(?:\w+\s)?(?:article|stor(?:y|ies)|articles|"
                r"content)\b<c>\bfree\b|(?:free|welcome)\sto\srepublish"
            ),
            r"\b(?:permission|leave)\s(?:is\s)?(?:hereby\s)?(?:granted|given)\b<c>(?:<use>)",
            (
                r"\bfree(?:ly)?\s(?:<reprint>)|\b(?:public\sdomain)"
                r"\b<c>(?:article|text|work|content)|(?:<here>)<c>\bin\sthe\spublic\sdomain\b"
            ),
        ),
        Sign.IF: (r"\bbut\b|\bprovided\b|\bproviding\b|\blong\sas\b|\bcondition\b|\bonly\sif\b",),
        Sign.MARKS: ("<credit>",),
        Sign.CREDITS: (
            r"(?:<reprint>)<s>(?:<if>)<s>(?:<credit>)",
            r"\bgo\sahead\b[,;\s–—-]+(?:just|but|only|please)\s[^.;!?]{0,12}?(?:<credit>)",
            r"(?:<welcome>)[^.;!?]{0,20}?(?:<moves>)(?:(?!\.\s)[^!?]){0,80}?(?:<credit>)",
            (
                r"(?<!\bwe\s)(?:\bmay|\bcan)\s(?!not|only)(?:\w+\s){0,3}?(?:<reprint>|\bpublish|\bprint|"
                r"\bphotocopy|\bcarry|\brun)\b[^.;!?]{0,30}?(?:<ours>)(?:(?!\.\s)[^!?]){0,80}?(?:<credit>)"
            ),
            # Two clauses or sentences: leave first, then what it asks.
            r"\bmay\sbe\s(?:freely\s)?(?:<reprint>)[^;!?]{0,40}?[.;]\s(?:<if>)\s<c>(?:<credit>)",
            (
                r"(?:<credit>)<s>\b(?:if|when|whenever|before|while|upon|for\sany|in\sany)"
                r"\b<c>(?:<reprint>)"
            ),
        ),
        Sign.LICENSES: (
            # A work that the page holds, then the licence; nothing in between that is another work
            # or that only hopes.
            (
                r"(?:^|[.;!?|:\n])(?:(?!<others>|<guests>|<hopes>)[^.;!?]){0,80}?(?:<here>|"
                r"\bit\sis\smade\savailable)(?:(?!<others>|<hopes>)[^;!?]){0,140}?\b(?:under|by|"
                r"with|via|to|on|through|uses?|of)\b(?:(?!<others>)[^.;!?]){0,70}?<licence>"
            ),
            (
                r"(?:^|[.;!?|\n])\W*(?:(?:except|unless|where|if)\b[^.;!?]{0,40}?,\s|"
                r"©[^.;!?]{0,40}?,?\s)?(?:re)?(?:licensed|published|released|distributed|"
                r"available|shared|provided|made\savailable)"
                r"\b(?:(?!<others>)[^.;!?]){0,60}?<licence>"
            ),
            r"(?:^|[.;!?|\n]\s*)(?:re)?(?:publish|print|use|share|post)\s(?:our|this|these|the|any|it|them)\b(?:(?!<others>)[^.;!?]){0,60}?\bunder\b[^.;!?]{0,20}?<licence>",
            r"\brel=[\"']license",
            r"\blicen[cs]e\s?[:=-]\s?[^.;!?]{0,12}?<licence>",
            r"\bopen[-\s]access\b[^;!?]{0,160}?<licence>",
        ),
        Sign.WRITTEN: (r"\bwritten\b|\bin\swriting\b",),
        Sign.AUTHOR: (
            (
                r"(?:credit|acknowledg\w+|attribut\w+|mention|cit(?:e|ing)|name\sof)"
                r"<c>\bauthors?\b|\bauthors?\b<c>(?:is|are|be)"
                r"\s(?:\w+\s)?(?:credited|acknowledged|named|cited)|\bbyline"
            ),
        ),
        Sign.LINK: (r"\b(?:hyper|back)?link(?:s|ed|ing)?\b|\burl\b|https?:",),
        Sign.NOTICE: (
            (
                r"\b(?:this|copyright)\s(?:notice|statement|message)"
                r"<c>(?:included|retained|intact|remain|preserved|kept)|"
                r"(?:includ\w+|retain\w*|keep\w*|with)\s(?:\w+\s){0,2}?(?:this|copyright)"
                r"\s(?:notice|statement)"
            ),
        ),
        Sign.NOCHANGE: (
            (
                r"\b(?:unaltered|unmodified|unedited|unchanged|verbatim|"
                r"without\s(?:any\s)?(?:changes?|modifications?|alterations?|edit\w*))\b|"
                r"(?:<not>|do\snot|don't)\s(?:be\s)?(?:\w+,?\s){0,3}?(?:alter|modif|edit|chang)"
                r"\w*|in\s(?:its|their)\sentirety|(?:not|no)\sderivative"
            ),
        ),
        Sign.NOEXCERPT: (r"(?:<not>)<c>\bexcerpt\w*|in\sits\sentirety|no\sexcerpts?",),
        Sign.NONCOMMERCIAL: (
            (
                r"\bnon[-\s]?commercial|\bnon-profit|\bnot[-\s]for[-\s]profit|\bnonprofit|"
                r"(?:\bnot\b|\bno\b)[^.;!?]{0,40}?\bcommercial|"
                r"\bnot\s(?:to\s)?(?:be\s)?(?:sold|resold)\b|\bnot\sfor\s(?:sale|resale|profit)\b|"
                r"\bcharities\b|\bschools\b|commercial\suse\s<c>(?:prohibited|forbidden)|"
                r"\beducational\s(?:use|purposes)|"
                r"\bpersonal(?:,|\sand|\sor|\suse)"
            ),
        ),
        Sign.NOTIFY: (
            (
                r"\b(?:notify|let\s(?:us|me)\sknow|inform\s(?:us|me|the)|tell\sus|"
                r"send\sus\sa\s(?:copy|link))\b"
            ),
        ),
        Sign.NOPRINT: (r"\bnot\b<c>\bin\sprint\b|\bonline\sonly\b",),
        Sign.NOMIRROR: (r"(?:<not>|\bno\b|prohibit|forbid)<c>\bmirror\w*",),
        Sign.NOLINK: (r"(?:<not>|\bno\b|prohibit)<c>\b(?:deep[-\s]?link|framing|hotlink)\w*",),
        Sign.NOAI: (
            (
                r"(?:\bnot\b|\bno\b|prohibit\w*|forbid\w*|without|reserve\w*)"
                r"(?:(?!\.\s)[^!?]){0,90}?\b(?:artificial\sintelligence|ai\b|machine\slearning|"
                r"text\sand\sdata\smining|large\slanguage\smodels?)"
            ),
            (
                r"\b(?:ai\b|machine\slearning|artificial\sintelligence)"
                r"[^.;!?]{0,50}?(?:prohibited|forbidden|not\s(?:allowed|permitted))"
            ),
        ),
        Sign.REPRINTED: (
            (
                r"(?<!be\s)\bre-?(?:published|printed|posted)\s(?:here\s)?(?:with|by)\s"
                r"(?:[\w'’]+\s){0,3}?(?:permission|consent|leave)\b"
            ),
            r"\bwhere\s<this>\s(?:was\s)?(?:first|originally)\s(?:<once>)",
            (
                r"(?:^|[.;!?|(\[*_\n–—-]\s*|<this>(?:(?!\.\s)[^;!?]){0,40}?)"
                r"(?:(?:was|is|has\sbeen|are|and)\s)?(?:first\s|"
                r"originally\s)?(?:re-?(?:published|printed|posted)|excerpted|extracted|adapted|"
                r"syndicated|cross-?posted|abridged|condensed|translated)"
                r"\b(?:(?!\.\s)[^;!?]){0,60}?\b(?:from|courtesy|"
                r"(?<!only\s)(?:with|by)\s(?:\w+\s)?permission)\b"
            ),
            (
                r"(?:<this>|\ba\sversion\sof\s<this>)[^.;!?]{0,40}?\b(?:originally|first|"
                r"previously|initially)\s(?:was\s)?(?:<once>)"
                r"\b[^.;!?]{0,16}?\b(?:in|on|at|by|for|with|via|as)\s(?!<date>)"
            ),
            (
                r"(?:^|[.;|(\[*_\n–—]\s*)(?:originally|first|previously)\s(?!posted\sby)(?:<once>)"
                r"\s(?:in|on|at|by)\s(?!<date>)"
            ),
            (
                r"^\W*reproduced\s(?:here\s)?(?:by|with)\s(?:\w+\s)?permission\sof\b|"
                r"(?:^|[.;|(\[*_\n–—]\s*)reproduced\s(?:here\s)?from\s(?!ref|\d|fig|"
                r"\[)[^;!?]{0,60}?"
                r"\bpermission\b"
            ),
            (
                r"\ban?\s(?:\w+\s)?version\sof\s<this>[^.;!?]{0,30}?\b(?:<once>)"
                r"\s(?:in|on|at)\s(?!<date>)"
            ),
            (
                r"(?:<this>)[^.;!?]{0,20}?\b(?:is\staken\sfrom|was\staken\sfrom|comes\sfrom|"
                r"is\sfrom|is\san\s(?:\w+\s)?(?:excerpt|extract)|is\sa\srepost|"
                r"is\srepublished)\b"
            ),
        ),
        Sign.GATHERED: (
            (
                r"\bcopyright(?:s)?\b<c>\b(?:original|respective|their)"
                r"\s(?:\w+\s)?(?:authors?|owners?|publishers?|holders?)|"
                r"(?:articles?|contents?|materials?)<c>\b(?:collected|taken|gathered|reproduced)"
                r"\s(?:\w+\s)?from\s(?:the\s)?(?:internet|web|other)"
            ),
        ),
        Sign.COPYRIGHT: (
            (
                r"©|\(c\)\s?(?:copyright|\d{4}|by\b)|\bcopyright\s?(?:©|\(c\)|@|\d{4}|by\s|:)|"
                r"\b(?:contents?|texts?|articles?|pages?|materials?|site)\s(?:is\s|are\s)?copyright\s|"
                r"(?:^|[.|\n©]\s*)copyright\s[\w .&,'-]{0,40}?\d{4}|"
                r"\bcopyrighted\s(?:property|material|work)|copyright\spropert\w+|"
                r"protected\sby\s(?:\w+\s)?copyright|copyright(?:ed)?[^.;!?]{0,24}?reserved|"
                r"holds?\sthe\scopyright|"
                r"\bcopyright\b<c>\b(?:belongs|remains|rests|vests|is\s(?:held|retained|owned))\b"
            ),
        ),
        Sign.ALL_RIGHTS: (r"\b(?:all|some)\srights?\s?(?:are\s)?reserved",),
        Sign.NARRATIVE: (r"\b(?:court|lawsuit|plaintiff|defendant|sued|judge|alleg\w+)\b",),
        Sign.ORIGINAL: (r"\boriginal\s(?:article|content|work)\b",),
        Sign.COMPILED: (r"\bcompiled\s(?:by|from)\b",),
        Sign.TRANSLATED: (r"\btranslat(?:ed|ion)\b",),
        Sign.CONTRIBUTED: (r"\bguest\s(?:post|article)|\bcontributed\sby\b",),
        Sign.EXCLUSIVE: (r"\bexclusive\b",),
        Sign.PRESS: (r"\bpress\srelease\b",),
    },
)
