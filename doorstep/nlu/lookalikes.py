"""The shapes of numbers that are neither an order's nor a parcel's: phones, dates, amounts, codes, places, measures.

Written in the notation of `doorstep.nlu.notation` and matched against a tagged text, but for `PAPERS`, `IBAN` and
`LINKS`. Each pattern has a group `v` around what it takes. Dates and amounts are handed on as such; what the others
take is nobody's to read. No repetition is open, so that a hostile text costs no more than its length.
"""

from __future__ import annotations

import re

from doorstep.nlu.notation import compiled

_OWN = {
    "CODE": r"(?P<v>(?:[A-Z]{0,5}-)?[A-Z]{0,5}\d[\dA-Z._/-]{0,30}(?: [\dA-Z]{2,4}(?![\dA-Z])){0,8})",
    "PHONE_DIGITS": r"(?P<v>\+?\(?\d(?:[ ().\-/]{0,2}\d){6,14})<ENDS>",
    "APART": r"<FREE>(?<!\d )",
    "DAY": r"(?:3[01]|[12]\d|0?[1-9])",
    "MONTH_NUMBER": r"(?:1[0-2]|0?[1-9])",
    "YEAR": r"(?:19|20)\d{2}",
    "NTH": r"(?:st|nd|rd|th|[oaº]|\.|-?<ORDINAL>)?",
    "OF": r" {0,2}(?:[<SMALL>] )?",
    "ANY_MONTH": "[<MONTH><SHORT_MONTH>]",
    "NO_QUANTITY": r"(?![\d/,%]| ?[<UNIT><CASH>])",
    "MONEY_SIGN": r"[$€£¥₹₽₩₴₺]",
    "BEFORE_SUM": r"(?:(?:\b(?:US|AU|CA|HK|NZ|MX|R|C|A|S) ?)?\$|<MONEY_SIGN>|<CURRENCY>\.?)",
    "CENTS": r"(?:[.,]\d{1,2})",
    "SUM": r"(?:\d{1,3}(?:[.,' ]\d{3}){1,4}<CENTS>?(?!\d)|\d{1,9}<CENTS>?)",
    "SUM_AFTER_SIGN": r"(?:\d{1,3}(?:[.,']\d{3}){1,4}<CENTS>?|\d{1,3}(?: \d{3}){1,4}<CENTS>|\d{1,9}<CENTS>?)",
}

CUED = compiled(  # the word before the number says that it is something else
    _OWN,
    r"[<OTHER><OTHER_NUMBER>](?:-<AND>)?<GAP><CODE>",
    r"(?:<OTHER_NUMBER>|<OTHER>[ .-]{0,2}[<NUMBER><SIGN>])(?: [<WORD><NAME><SMALL>]){1,4}(?: ?:| [<BE>]) ?<CODE>",
    r"<REF><GAP>(?P<v>\d{3}-\d{2}-\d{4})(?![\d-])",  # an article's; other references are mostly those of orders
    r"<POSTCODE>,?<GAP>(?P<v>[A-Z]{0,2}\d[A-Z0-9]{0,7}(?:[ -]\d[A-Z0-9]{2}|-?\d{3,4})?)<ENDS>",
    r"<POSTCODE>[ ,.!<WORD><SMALL><NO><AND>]{1,12}(?:[<BE>]|:) ?(?P<v>\d{4,6}(?:-?\d{3})?)<ENDS>",  # "cep errado, é …"
    r"<POSTCODE>(?: ?[<WORD><NAME><SMALL>]){1,4}, ?(?P<v>\d{4,6})<ENDS>",  # "живу в Казани, 420111"
    r"(?:<PHONE><GAP>(?:<DATED> )?|<CALL>[ <SMALL><NUMBER><NO><DATED>:.-]{0,6})<PHONE_DIGITS>",
    r"[<CARD><ENDING>](?:<GAP>|[\s*x<SMALL><ENDING><WORD><DATED>(]{0,6})(?:[x*]{1,12} ?){0,4}"
    r"(?P<v>\d{4})(?! ?\d)<ENDS>",
    r"<CARD><GAP>(?P<v>\d(?:[ -]?\d){12,18})(?!\d)",
    r"<MODEL>[ -]?(?P<v>\d{1,5}[A-Z]{0,4})(?![\dA-Z])",
    r"<FLAT>[ .:#№<NUMBER><SIGN><NO>]{0,5}(?P<v>\d{1,5}[A-Z]?)(?![\dA-Z-])",
)
PHONES = compiled(
    _OWN,
    r"(?P<v>\+\s?\d(?:[ ().-]{0,2}\d){7,14})(?!\d)",
    r"<APART>(?P<v>00\d{1,2}[ -]\d(?:[ -]?\d){6,11})(?!\d)",
    r"(?P<v>(?:\d[ -]?)?\(\d{2,5}\)\s?\d{2,5}(?:[ -]?\d{2,5}){1,3})(?!\d)",
    r"<APART>(?P<v>(?:1[ .-])?[2-9]\d{2}(?P<s>[ .-])\d{3}(?P=s)\d{4})<ENDS>",  # North America
    r"<APART>(?P<v>0[1-9]\d{2,3}[ -]\d{3}[ -]?\d{3,4}|07\d{9}|0\d00[ -]?\d{3}[ -]?\d{3,4})<ENDS>",  # Britain; free
    r"<APART>(?P<v>0\d(?:[ .-]?\d\d){4})<ENDS>",  # France
    r"<APART>(?P<v>0\d{2,4} ?[ /-] ?\d{5,8}|0\d{2,4}[ /]\d{2,4}(?: \d{2,4}){1,3}|01[567]\d{8,9})<ENDS>",  # Germany
    r"<APART>(?P<v>[6-9]\d{2}(?: \d{3}){2}|[6-9]\d{1,2}(?: \d{2,3}){3})<ENDS>",  # Spain
    r"<APART>(?P<v>(?:\d{2}[ -])?9\d{4}[ -]\d{4}|\d{2} [2-5]\d{3}-\d{4})<ENDS>",  # Brazil
    r"<APART>(?P<v>[78](?P<s>[ -])\d{3}(?P=s)\d{3}[ -]?\d{2}[ -]?\d{2}|[78]9\d{9}|8800\d{7})<ENDS>",  # Russia
    r"<APART>(?P<v>1[3-9]\d{9}|1[3-9]\d(?: \d{4}){2}|1[3-9]\d \d{3} \d{5}|400[ -]\d{3,4}[ -]\d{3,4})<ENDS>",  # China
)
PAPERS = compiled(
    _OWN,
    r"(?<![\d.])(?P<v>\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2})(?!\d)",  # Brazil's CPF and CNPJ
    r"(?<!\d)(?P<v>\d{5}\.\d{5} \d{5}\.\d{6} \d{5}\.\d{6} \d \d{10,14})(?!\d)",  # Brazil's boleto
    r"(?<![\dA-Z])(?P<v>\d{17}X|[XYZ]\d{7}[A-Z])(?![\dA-Z])",  # China's identity card, Spain's for foreigners
)
IBAN = re.compile(r"(?<![A-Z0-9])(?P<v>[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Z0-9])")
CARD_NUMBER = re.compile(
    r"(?<![\d-])(?P<v>(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|[245]\d\d)|35[2-8]\d)"
    r"(?:(?P<s>[ -]?)\d{4})(?:(?P=s)\d{4}){2}|3[47]\d{2} ?\d{6} ?\d{5})(?![\d-])"
)
DATES = compiled(  # each names a day
    _OWN,
    r"<FREE>(?P<v>\d{1,2}(?P<s>[./-]) ?\d{1,2}(?P=s) ?(?:<YEAR>|\d{2}))<ENDS>",
    r"<FREE>(?P<v><YEAR>(?P<s>[./-])\d{1,2}(?P=s)\d{1,2})<ENDS>",
    r"(?P<v>(?:(?:19|20)?\d{2} ?年 ?)?<MONTH_NUMBER> ?月 ?\d{1,2} ?[日号]?)",
    r"(?<![\d.,])(?P<v><DAY><NTH><OF><MONTH>(?:\.?,?<OF><YEAR>)?)(?!\d)",
    r"(?<![\d.,])(?P<v><DAY><NTH> (?:[<SMALL>] <SHORT_MONTH>|<SHORT_MONTH>\.?,?<OF><YEAR>))(?!\d)",
    r"(?P<v><ANY_MONTH>\.?\s?<DAY>(?:st|nd|rd|th)?(?:,?\s<YEAR>)?)(?![\d:.,]?\d)",
    r"<DATED>[ <SMALL>]{0,3}[\s:]?(?P<v>20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    r"<DATED>[ <SMALL>]{0,3}[\s:]?(?P<v><DAY>\.<MONTH_NUMBER>(?!\d)(?:\.(?= ?[^\s\d]))?)<NO_QUANTITY>",
    r"[<DATED><SMALL>][ <SMALL>]{0,3}[\s:]?(?P<v><DAY>/<MONTH_NUMBER>)<NO_QUANTITY>",
    r"<FREE>(?P<v>(?P<d>0[1-9]|[12]\d|3[01])/(?!(?P=d))(?:0[1-9]|1[0-2]))(?![\d/%])",  # "10/10" is praise
    r"<FREE>(?P<v>(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|[1-9])[日号])",
)
TIMES = compiled(
    _OWN,
    r"(?P<v>(?<!\d)\d{1,2}:\d{2}(?::\d{2})?)",
    r"(?P<v>(?:<YEAR>|(?<!\d)\d{2})年(?:\d{1,2}月)?|\d{1,2}月)",
    r"<ANY_MONTH>\.?[ <SMALL>]{0,3}(?P<v><YEAR>)(?!\d)",
)
YEARS = compiled(_OWN, r"<FREE>(?P<v>(?:19[5-9]|20[0-4])\d)(?![\dA-Z])<ENDS>")
AMOUNTS = compiled(  # with their currency, or called an amount
    _OWN,
    r"(?P<v><BEFORE_SUM> ?<SUM_AFTER_SIGN>(?!\d)(?: ?(?:[<CASH>]|,-))?)",
    r"<FREE>(?P<v><SUM>(?:,-{1,2})? ?(?:<MONEY_SIGN>(?:\d\d(?!\d))?|[<CASH>]))",
    r"<TOTAL>\s?[:=]\s?(?P<v>\d{1,9}<CENTS>?)(?![\d.,]?\d)",
    r"<TOTAL>\s?[:=]?\s?(?P<v>\d{1,3}(?:[.,]\d{3}){0,3}[.,]\d{2})(?![\d.,]?\d)",
)
PRICES = compiled(  # without
    _OWN,
    r"<FREE>(?P<v>\d{1,9}(?:[., ]\d{3}){0,4}[.,]\d{2})(?![\d.,]\d|\d)",
    r"<FREE>(?P<v>\d{1,3}(?:,\d{3}){1,4})(?!\d)",
    r"[<PAID><TOTAL>](?: ?[<SMALL><BE>:]){0,2}(?: <WORD>)? ?(?P<v>\d{1,6})<ENDS>",
)
MEASURES = compiled(
    _OWN,
    r"(?P<v><YEAR> ?<DASH> ?<YEAR>)(?!<DASH>?\d)",
    r"<FREE>(?P<v>\d{1,4} ?<DASH> ?\d{1,4}) ?[<UNIT><MONEY>]",
    r"<FREE>(?P<v>\d{1,6}(?:[.,]\d{1,3})?)(?: ?<UNIT>|(?:st|nd|rd|th)\b| ?%)",
    r"<FREE>(?P<v>[1-9]\d{0,2}0{3,6})(?=\s[^\W\d]| ?[<ANY_SIGN>])",  # "12000 of them"
)
PLACES = compiled(
    _OWN,
    r"(?<!\d)(?P<v>\d{1,5}[a-z]?),? (?:(?:[<WORD><NAME>]|[A-Z])[.']? ){1,3}<ROAD>(?![^\W\d])",
    r"(?<!\d)(?P<v>\d{1,6}[a-z]?),? <STREET>",
    r"(?<!\d)(?P<v>\d{4,6}) <NAME>(?: <NAME>)?,? ?(?:<NAME> )?<STREET>",
    r"<STREET>\.?(?: ?[<WORD><NAME><SHOUT><SMALL>]\.?){0,5},? ?[<NUMBER><SIGN><FLAT><NO>]?\.? ?"
    r"(?P<v>\d{1,5}[a-z]?)(?![\d-])",
    r"(?<!\d)(?P<v>\d{1,5}),? <FLAT>",
    r"(?:[,\n]|<STREET>[^:;!?]{1,60}?) ?(?P<v>\d{5}-\d{3,4})(?![\d-])",  # CEP, ZIP+4
    r"^\s?(?P<v>\d{5}-\d{4})\s?$",
    r"^\s?(?P<v>\d{4,5}(?:-\d{3})?) <NAME>(?: <NAME>)?[\s.!]{0,3}$",  # "50674 Köln"
    r"<NAME>,? <SHOUT>,? (?P<v>\d{5})(?![\d-])(?= ?(?:$|[,.;\n]))",  # "Austin TX 78701"
    r"[<STREET><ROAD>][^:;!?]{1,60}?[,\n] ?(?P<v>\d{4,6}) <NAME>",
)
LINKS = compiled(
    _OWN, r"(?P<v>(?:https?://|www\.)\S{1,900}|(?<![\w.@-])(?:[\w-]{1,40}\.){1,4}[^\W\d_]{2,24}/\S{0,900})"
)
