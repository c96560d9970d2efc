"""How notices speak in German, French, Spanish, Portuguese, Italian and Russian: the set phrases,
and the everyday verbs where they stand beside a text of the speaker's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.normalise.notice_sign import LICENSE_MARK, Sign, Words

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(
    language: str,
    *,
    hint: str,
    vocabulary: Mapping[str, str],
    licenses: str,
    signs: Mapping[Sign, tuple[str, ...]],
    images: str,
    hedges: str,
) -> Words:
    """What the six have in common: the order of the words is free within a sentence.

    `licenses` are the words for a work that may be under a licence, `hedges` those that say that
    a sentence on licences grants none, `images` the heads of an image credit."""
    common = {
        # Acts in everyday words count only beside a text of the speaker's.
        "moves": (
            r"\b(?:<verb>)\b[^.;!?]{0,30}?\b(?:<ours>)\b|\b(?:<ours>)\b[^.;!?]{0,40}?\b(?:<verb>)\b"
        ),
        "s": r"(?:(?!\.\s)[^;!?]){0,80}?",
        "licence": LICENSE_MARK,
        "here": licenses,
        "hedge": hedges,
        "image": images,
    }
    return Words(
        language=language,
        hint=f"{hint}|{LICENSE_MARK}",
        vocabulary={**common, **vocabulary},
        masks={Sign.IMAGE: (r"(?:^|(?<=[\n.;|(]))\W{0,3}(?:<image>)\b[^\n]{0,160}",)},
        signs={
            Sign.FORBIDS: ("(?:<reprint>)<s>(?:<no>)", "(?:<no>)<s>(?:<reprint>)"),
            Sign.ASKS: (
                "(?:<reprint>)<s>(?:<unless>)",
                "(?:<unless>)<s>(?:<reprint>)<s>(?:<no>)",
                "(?:<no>)<s>(?:<unless>)<s>(?:<reprint>)",
                "(?:<unless>)<s>(?:<no>)<s>(?:<reprint>)",
                # Who would re-publish, and what they have to do first.
                r"(?:<reprint>)(?:(?!\.\s)[^;!]){0,60}?(?:<ask>)",
            ),
            Sign.UNLESS: ("<unless>",),
            Sign.ALLOWS: ("(?:<reprint>)<s>(?:<yes>)", "(?:<yes>)<s>(?:<reprint>)"),
            Sign.MARKS: ("<mark>",),
            Sign.CREDITS: (
                "(?:<reprint>)<s>(?:<mark>)",
                "(?:<mark>)<s>(?:<reprint>)",
                r"\b(?:<ours>)<s>(?:<mark>)<s>\b(?:<verb>)",
            ),
            Sign.LICENSES: (
                (
                    r"(?:^|[.;!?|:\n])(?:(?!<hedge>)(?!\.\s)[^;!?]){0,80}?\b(?:<here>)"
                    r"\b(?:(?!<hedge>)(?!\.\s)[^;!?]){0,110}?<licence>"
                ),
                r"(?:^|[.;|\n])\W*(?:lizenz|licence|licencia|licenza|licença|лицензия)\s?:\s?<licence>",
            ),
            Sign.LINK: (r"\blink|hyperlink|\blien\b|enlace|ссылк|\burl\b|https?:",),
            **signs,
        },
    )


GERMAN = _words(
    "de",
    hint="genehmigung|rechte beim|"
    "nachdruck|vervielfältig|abdruck|weiterverbreit|weiterverwend|übernahme|urheberrecht|"
    "rechte vorbehalten|erschien|lizenz|verwendung|wiedergabe|weitergabe|zustimmung|erlaubnis|"
    "verwenden|übernehmen|"
    "veröffentlichen|kopieren|zweitveröffentlich",
    vocabulary={
        "reprint": (
            "nachdruck\\w*|nachzudrucken|vervielfältig\\w+|abdruck\\w*|abgedruckt|"
            "weiterverbreit\\w+|weiterverwend\\w+|weitergabe(?! unter)|wiedergabe|übernahme|"
            "kopieren|zweitverwertung|veröffentlichung|<moves>"
        ),
        "verb": (
            "übernehmen|übernommen|verwenden|verwendet|nutzen|veröffentlichen|drucken|teilen|"
            "verbreiten|verbreitet|kopiert|übersetzen|nachdrucken|abdrucken|weitergeben"
        ),
        "ours": (
            "inhalte? von mir|meine[rsn]? \\w+|(?:dieser|diesen|dieses|unsere[rsn]?|"
            "die) (?:\\w+ )?(?:texte?n?|artikeln?|"
            "beitr[aä]ge?n?|inhalte?n?|materialien|seiten)"
        ),
        "ask": (
            "(?:bitte|vorher|zuvor)[^.;!?]{0,30}?(?:fragen|fragt|anfragen?|kontakt|melden|"
            "schreiben|wenden)|(?:fragen|wenden|kontaktieren|schreiben) sie|fragt\\b|um erlaubnis|"
            "(?:erlaubnis|genehmigung|zustimmung|einwilligung)[^.;!?]{0,24}?einholen|"
            "anfragen (?:an|bitte|richten)"
        ),
        "no": (
            "verboten|untersagt|nicht (?:\\w+ )?(?:gestattet|erlaubt|zulässig)|unzulässig|"
            "strafbar|verbieten"
        ),
        "unless": (
            "(?:nur mit|ohne|bedarf|bedürfen|erfordert|nur nach|vorbehaltlich|nicht ohne)"
            "<s>(?:genehmigung|zustimmung|erlaubnis|einwilligung|einverständnis|freigabe|rücksprache)"
        ),
        "yes": (
            "(?<!nicht )(?<!form )(?:gestattet|erlaubt|honorarfrei|kostenfrei|kostenlos|erwünscht|"
            "willkommen|frei\\b)"
        ),
        "mark": (
            "quellen(?:angabe|nennung|hinweis|verweis)|"
            "(?:angabe|nennung) (?:der |des )?(?:quelle|autors|urhebers)|"
            "quelle (?:ist )?(?:anzugeben|angeben|genannt)|unter nennung|verweis auf"
        ),
    },
    licenses="inhalte?n?|texte?|artikel|beitr[aä]ge?|website|webseite|seite|blogs?|werke?|steht|"
    "stehen|lizenziert|veröffentlicht",
    images="foto|bild|titelbild|symbolbild|headerimage|grafik|abbildung|bildquelle|bildnachweis|"
    "illustration",
    hedges="können|kann|möchte|broschüre|buch|foto|bild|video|software|studie|handbuch",
    signs={
        Sign.WRITTEN: ("schriftlich",),
        Sign.NOTIFY: ("beleg(?:exemplar)?\\w* (?:wird )?erbeten|bitten um (?:ein )?beleg",),
        Sign.NONCOMMERCIAL: ("nicht[-\\s]?kommerziell|privaten gebrauch",),
        Sign.PRESS: ("pressemitteilung|honorarfrei",),
        Sign.REPRINTED: (
            (
                "(?:dieser|der|dieses) (?:\\w+ )?(?:artikel|beitrag|text|interview|essay)"
                "\\b<s>(?:zuerst|ursprünglich|zunächst|erstmals|übernommen)"
                "<s>(?:erschien|veröffentlicht|publiziert|von|aus)"
            ),
            (
                "(?:^|[.;|(\\n]\\s*)(?:zuerst|ursprünglich|erstmals)"
                " (?:erschienen|veröffentlicht|publiziert) (?:in|auf|bei|im)\\b|"
                "übernommen (?:von|aus)|mit freundlicher genehmigung"
            ),
            "(?:dieser|der) (?:artikel|beitrag|text) (?:erschien|ist (?:zuerst|ursprünglich))",
        ),
        Sign.COPYRIGHT: ("urheberrechtlich geschützt|©|copyright",),
        Sign.ALL_RIGHTS: ("alle rechte (?:(?:sind )?vorbehalten|beim?\\b|liegen)",),
    },
)

FRENCH = _words(
    "fr",
    hint="reproduction|reproduire|rediffusion|tous droits|droits réservés|initialement|"
    "autorisation|licence|republi|republié|paru|reprendre|reprise|copier|diffuser|"
    "photocopi|réutilis",
    vocabulary={
        "reprint": (
            "reproduction|reproduire|reproduite?s?|republiée?s?|rediffusion|republication|republier|diffusion|"
            "copie\\b|<moves>"
        ),
        "verb": (
            "reprendre|reprise|reproduire|copier|diffuser|partager|utiliser|utilisés?|publier|"
            "photocopier|traduire|imprimer|réutiliser|repris|copiés?|diffusés?"
        ),
        "ours": (
            "(?:cet|ce|ces|nos|cette|les|notre|l') ?(?:\\w+ )?(?:articles?|textes?|contenus?|"
            "billets?|documents?|publications?|tribune|pages?)"
        ),
        "ask": (
            "demande[rz]|contacte[rz]|écri(?:re|vez)|(?:s'|vous )adresse[rz]|nous consulter|"
            "prendre contact"
        ),
        "no": "interdite?s?|interdit|prohibée?|ne peu(?:t|vent)|défendu",
        "unless": (
            "(?:sans|sauf|soumise? à|nécessite|requiert|exige|demande|avec|après|moyennant|"
            "sous réserve)"
            "<s>(?:autorisation|accord|consentement|permission)"
        ),
        "yes": "autorisée?s?|permise?|(?<!in)libre|encouragée|gratuite",
        "mark": (
            "mention(?:ner)?\\b<s>(?:source|auteur|origine)|"
            "cit(?:er|ant|ation)<s>(?:source|auteur)|source (?:soit )?(?:citée|mentionnée)|"
            "indication de la source"
        ),
    },
    licenses="contenus?|textes?|articles?|site|page|œuvres?|oeuvres?|billets?|publications?|mis(?:e|"
    "es)? à disposition|publiée?s?|diffusée?s?",
    images="photo|image|crédit|illustration|visuel",
    hedges="peuvent|pourrai\\w+|souhaite|photo|logiciel|livre|brochure",
    signs={
        Sign.WRITTEN: ("écrite?|par écrit",),
        Sign.NONCOMMERCIAL: ("non[-\\s]commercial|usage (?:personnel|privé)",),
        Sign.REPRINTED: (
            (
                "(?:cet article|ce texte|cet entretien|cette tribune|ce billet)"
                "<s>(?:initialement|d'abord|à l'origine|originellement|repris|tirée?)"
                "<s>(?:publié|paru|diffusé|repris|tiré)e?s? (?:sur|dans|par|chez|de|du)\\b(?! \\d)"
            ),
            (
                "(?:^|[.;|(\\n]\\s*)(?:article |texte )?(?:initialement|originellement)"
                " (?:publié|paru)|(?:article|texte) (?:paru|publié|repris)"
                " (?:initialement |d'abord )?(?:dans|sur|de)\\b"
            ),
        ),
        Sign.COPYRIGHT: ("©|copyright|droits d'auteur",),
        Sign.ALL_RIGHTS: ("tous (?:les )?droits (?:sont )?réservés|droits réservés",),
    },
)

SPANISH = _words(
    "es",
    hint="reproducci|reproducir|derechos reservados|republica|publicado|licencia|autorizaci|"
    "prohibid|difusi|fuente|copiar|difundir|publicar|utilizar",
    vocabulary={
        "reprint": (
            "reproducci[oó]n|reproducir\\w*|reproducid[oa]s?|republicar\\w*|republicaci[oó]n|"
            "difusi[oó]n|copia\\b|retransmisi[oó]n|distribuci[oó]n|<moves>"
        ),
        "verb": (
            "copiar|difundir|compartir|utilizar|usar|publicar|traducir|imprimir|fotocopiar|"
            "reutilizar|distribuir|copiad[oa]s?|difundid[oa]s?"
        ),
        "ours": (
            "(?:este|esta|estos|estas|nuestr[oa]s?|los|las|el) (?:\\w+ )?(?:textos?|"
            "art[ií]culos?|contenidos?|materiale?s?|notas?|publicaci[oó]n|publicaciones)"
        ),
        "ask": (
            "contact[eao]\\w*|escr[ií]b\\w+|solicit\\w+|p[ií]d[ae]\\w*|consult\\w+|"
            "p[oó]ngase en contacto"
        ),
        "no": "prohib\\w+|no (?:se )?(?:permite|autoriza|podrá|pueden?|está permitid[oa])",
        "unless": "(?:sin|salvo|previa|con|bajo|excepto)<s>(?:autorizaci[oó]n|permiso|consent\\w+)",
        "yes": (
            "(?<!no )se (?:permite|autoriza|puede)|libremente|permitid[ao]|autorizad[ao]|libre\\b|"
            "puede(?:n)? (?:ser )?(?:reproducir|republicar)"
        ),
        "mark": (
            "cit(?:ar?|e|ando|ándose)<s>(?:fuente|autor|procedencia|origen)|"
            "mencion\\w+<s>(?:fuente|autor)|mencion\\w+ (?:al?|el|la)\\b|atribuci[oó]n|"
            "haciendo referencia|"
            "indicando<s>(?:fuente|procedencia)|indicaci[oó]n de (?:la )?(?:fuente|procedencia)"
        ),
    },
    licenses="contenidos?|textos?|art[ií]culos?|sitio|p[aá]gina|obras?|web|revista|publicad[oa]s?|"
    "est[aá]n?|licencia",
    images="foto|imagen|cr[eé]dito|ilustraci[oó]n|fotograf[ií]a",
    hedges="pueden|podr[ií]an?|foto|imagen|software|libro|folleto",
    signs={
        Sign.WRITTEN: ("por escrito|escrita",),
        Sign.NONCOMMERCIAL: (
            "no comercial|sin fines (?:comerciales|de lucro)|fines no comerciales",
        ),
        Sign.REPRINTED: (
            (
                "(?:este|esta) (?:art[ií]culo|texto|entrevista|columna|nota)"
                "<s>(?:originalmente|inicialmente|por primera vez)<s>(?:en|por)\\b"
            ),
            (
                "(?:^|[.;|(\\n]\\s*)(?:art[ií]culo )?(?:publicado|aparecido)"
                " (?:originalmente|inicialmente) (?:en|por)\\b|"
                "(?:este|esta) (?:art[ií]culo|texto) (?:fue|se)"
                " public[oó]\\w*<s>(?:originalmente|por primera vez)"
            ),
        ),
        Sign.COPYRIGHT: ("©|copyright|derechos de autor",),
        Sign.ALL_RIGHTS: ("(?:todos los )?derechos reservados",),
    },
)

PORTUGUESE = _words(
    "pt",
    hint="reprodução|reproduzi|direitos reservados|republica|publicado|licença|autorização|"
    "proibid|fonte",
    vocabulary={
        "reprint": (
            "reprodução|reproduzi\\w+|republica\\w+|divulgação|cópia\\b|distribuição|<moves>"
        ),
        "verb": (
            "copiar|divulgar|compartilhar|utilizar|usar|publicar|traduzir|imprimir|reutilizar|"
            "distribuir|copiad[oa]s?|republicar"
        ),
        "ours": (
            "(?:est[ea]s?|noss[oa]s?|os|as|o) (?:\\w+ )?(?:textos?|artigos?|conteúdos?|"
            "materia(?:l|is)|"
            "matérias?|notas?|publicações)"
        ),
        "ask": ("contat\\w+|escrev[ae]\\w*|solicit\\w+|peça\\w*|pedir|consult\\w+"),
        "no": "proibid[ao]s?|vedad[ao]|não (?:é permitid[ao]|pode)",
        "unless": "(?:sem|salvo|mediante|com|exceto)<s>(?:autorização|permissão|consentimento)",
        "yes": "(?<!não é )permitid[ao]|autorizad[ao]|livre\\b|pode(?:m)? ser",
        "mark": (
            "cit(?:ar|ada|ando)<s>(?:fonte|autor)|mencion\\w+<s>(?:fonte|autor)|"
            "(?:com )?indicação d[ae] (?:fonte|origem)|"
            "fonte (?:seja )?citada|crédito|desde que citada"
        ),
    },
    licenses="conteúdos?|textos?|artigos?|site|página|obras?|revista|publicad[oa]s?|licenciad[oa]s?",
    images="foto|imagem|crédito|ilustração|fotografia",
    hedges="podem|poderia\\w*|foto|imagem|software|livro",
    signs={
        Sign.WRITTEN: ("por escrito|escrita",),
        Sign.NONCOMMERCIAL: ("não comercia\\w+|sem fins lucrativos",),
        Sign.REPRINTED: (
            (
                "(?:este|esta) (?:artigo|texto|entrevista|matéria)"
                "<s>(?:originalmente|inicialmente|primeiro)<s>(?:em|no|na|por|pel[oa])\\b|"
                "(?:^|[.;|(\\n]\\s*)publicado originalmente (?:em|no|na|por)\\b"
            ),
        ),
        Sign.COPYRIGHT: ("©|copyright|direitos autorais",),
        Sign.ALL_RIGHTS: ("(?:todos os )?direitos reservados",),
    },
)

ITALIAN = _words(
    "it",
    hint="riproduzione|riprodurre|diritti riservati|ripubblica|pubblicato|licenza|autorizzazione|"
    "vietat",
    vocabulary={
        "reprint": (
            "riproduzion\\w+|riprodurre|riprodott[oaie]|ripubblica\\w+|diffusione|copia\\b|<moves>"
        ),
        "verb": (
            "copiare|diffondere|condividere|utilizzare|usare|pubblicare|tradurre|stampare|"
            "riutilizzare|distribuire|riprendere|copiat[oaie]|ripres[oaie]"
        ),
        "ours": (
            "(?:quest[oaie]|nostr[oaie]|i|gli|il|l') ?(?:\\w+ )?(?:test[oi]|articol[oi]|"
            "contenut[oi]|"
            "materiale|materiali|pagine)"
        ),
        "ask": ("contatt\\w+|scriv\\w+|richied\\w+|chied\\w+|rivolg\\w+"),
        "no": "vietat[ao]|proibit[ao]|non (?:è consentit[ao]|può)",
        "unless": "(?:senza|salvo|previ[ao]|con)<s>(?:autorizzazione|permesso|[ac][os]n?senso)",
        "yes": "liberamente|(?<!non è )consentit[ao]|autorizzat[ao]|libera\\b|permess[ao]",
        "mark": (
            "inserendo il link|citando\\b|"
            "indica(?:zione|ndo)<s>fonte|"
            "cit(?:are|ando|ata|azione)<s>(?:fonte|autore)|citazione della fonte|"
            "menzion\\w+<s>(?:fonte|autore)|fonte (?:sia )?citata"
        ),
    },
    licenses="contenut[oi]|test[oi]|articol[oi]|sito|pagina|oper[ae]|rivista|pubblicat[oaie]|"
    "rilasciat[oaie]|distribuit[oaie]",
    images="foto|immagine|illustrazione|fotografia",
    hedges="possono|potrebber\\w+|foto|immagin[ei]|software|libro",
    signs={
        Sign.WRITTEN: ("scritt[ao]|per iscritto",),
        Sign.NONCOMMERCIAL: ("non commercial\\w+|senza (?:fini|scopo) di lucro",),
        Sign.REPRINTED: (
            (
                "(?:questo|quest') ?(?:articolo|testo|intervista)"
                "<s>(?:originariamente|inizialmente|per la prima volta)|"
                "(?:^|[.;|(\\n]\\s*)pubblicato originariamente"
            ),
        ),
        Sign.COPYRIGHT: ("©|copyright|diritto d'autore",),
        Sign.ALL_RIGHTS: ("(?:tutti i )?diritti (?:sono )?riservati|riproduzione riservata",),
    },
)

RUSSIAN = _words(
    "ru",
    hint="перепечат|копирован|воспроизвед|использован|цитирован|права защищены|впервые|лицензи|"
    "источник|разрешени|публик|взят",
    vocabulary={
        "reprint": (
            "перепечат\\w+|копировани\\w+|воспроизведени\\w+|"
            "(?:использовани\\w+|цитировани\\w+)(?=[^.;!?]{0,40}?(?:материал|текст|стат|сайт|"
            "контент|публикац|информац))|републикаци\\w+|перепост\\w*|распространени\\w+|<moves>"
        ),
        "verb": (
            "публикаци\\w+|копировать|распространять|использовать|публиковать|опубликовать|переводить|"
            "перепечатывать|перепечатать|размещать|разместить|цитировать"
        ),
        "ours": (
            "(?:эт\\w+|наш\\w*|данн\\w+|любы\\w+) (?:\\w+ )?(?:текст\\w*|стать\\w+|материал\\w*|"
            "публикаци\\w+|контент\\w*)"
        ),
        "ask": (
            "свя(?:житесь|заться|зывайтесь)|обращайтесь|обратитесь|обращаться|напиш\\w+|"
            "пишите|запрос\\w*|спросите|согласу\\w+|согласова\\w+"
        ),
        "no": "запрещен\\w*|запрещён\\w*|запрещается|не допускается|не разрешается|недопустим\\w*",
        "unless": (
            "(?:без|только с|только при|с|по|допускается с|возможн\\w+ (?:только )?с)"
            "\\s(?:\\w+\\s){0,4}?(?:разрешени\\w+|согласи\\w+|согласовани\\w+)"
        ),
        "yes": (
            "(?<!не )(?:разрешен\\w*|разрешён\\w*|разрешается|допускается|приветствуется)|"
            "свободн\\w+"
        ),
        "mark": (
            "с(?:сыла|осла)ться на|ссылк\\w+<s>(?:обязательн\\w+|источник|сайт|при условии)|"
            "(?:при наличии|с|со|при условии|обязательн\\w+|указани\\w+|с указанием)"
            "\\s(?:\\w+\\s){0,3}?(?:гипер)?(?:ссылк\\w+|источник\\w*|автор\\w*)"
        ),
    },
    licenses="материал\\w*|стать\\w+|сайт\\w*|текст\\w*|контент\\w*|произведени\\w+|доступн\\w+|"
    "публику\\w+|распространя\\w+",
    images="фото|изображени\\w+|иллюстраци\\w+",
    hedges="могут|может|хотим|фото|изображени\\w+|книга",
    signs={
        Sign.WRITTEN: ("письменн",),
        Sign.NONCOMMERCIAL: ("некоммерческ|в некоммерческих",),
        Sign.AUTHOR: ("указани\\w+ (?:\\w+ )?автор",),
        Sign.REPRINTED: (
            (
                "(?:эта |данная |настоящая )?(?:стать\\w+|текст|материал)"
                "[^.;!?]{0,30}?(?:впервые|первоначально|ранее)[^.;!?]{0,12}?опубликован|"
                "(?:^|[.;|(\\n]\\s*)(?:впервые|первоначально) опубликован|"
                "(?:^|[.;|(\\n]\\s*)перепечат(?:ано|ка) из|(?:стать\\w+|текст) взят\\w* из"
            ),
        ),
        Sign.COPYRIGHT: ("©|copyright|авторские права",),
        Sign.ALL_RIGHTS: ("все права (?:защищены|сохранены|принадлежат)|права защищены",),
    },
)

WORDS = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, RUSSIAN)
