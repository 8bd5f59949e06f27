"""The shapes of numbers that matter: an order's, a parcel's, an e-mail address.

E-mail addresses and the carriers' own formats are known by themselves and read in the folded text. All others are
written in the notation of `doorstep.nlu.notation`, because the words around a number say what it is. Each pattern has a
group `v` around the number itself. No repetition is open, so that a hostile text costs no more than its length.
"""

from __future__ import annotations

import re

from doorstep.nlu.notation import compiled

_OWN = {
    "CHAR": r"[^\W<HAN>]",  # an address neither begins nor ends with the Chinese words around it
    # -- a parcel's
    "TRACKED": r"(?:<TRACK>|<PARCEL><FEW>[<NAMED><NO>]|[<NAMED>]<FEW><PARCEL>)",
    "TO_PARCEL": r"(?:[\s:;=#№.()\[\]\"'«»„“”*号\-–<SMALL><NAMED><NO><BE><CARRIER><PARCEL><TRACK>]"
    r"|(?<=[<SMALL>] )[<NAME><SHOUT>]){0,10}",
    "PARCEL_CODE": r"(?=[A-Z]{0,12}\d)(?=(?:[A-Z]{0,12}\d){5})[A-Z0-9]",  # and how many of them
    "PARCEL_GROUPS": r"\d{2,5}(?: \d{2,5}){2,7}|\d{3,5}(?:<DASH>\d{3,5}){2,5}",
    # -- an order's
    "JOIN": r"(?:\s?<DASH>\s?)",  # people type "112 - 4455667" too
    "ALONE": r"(?<![\d@])(?<!\d[.,/])(?<![A-Za-z\d]<DASH>)",
    "AMAZON": r"[A-Z]?\d{2,3}<JOIN>\d{7}<JOIN>\d{7}|\d{3} \d{7} \d{7}",
    "TEMU": r"PO<JOIN>\d{3}<JOIN>\d{15,19}",
    "EBAY": r"\d{2}<JOIN>\d{5}<JOIN>\d{5}|\d{2} \d{5} \d{5}",
    "SHOPEE": r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # a date and eight characters
    r"(?=[A-Z0-9]{8}(?![A-Z0-9]))[A-Z0-9]{0,8}[A-Z][A-Z0-9]{0,8}",
    "GROUPS": r"\d{3}<JOIN>\d{4}<JOIN>\d{4}|\d{3} \d{4} \d{4}|\d{2}<JOIN>\d{4,5} ?\d{4,5}",
    "READ_OFF": r"\d{4}(?: \d{4}){3}|\d(?: \d){5,19}(?! ?\d)",  # a screen; aloud
    "DASHED": r"(?=\d(?:<DASH>?\d){4})\d{1,20}(?:<DASH>\d{1,20}){1,5}",
    "SHAPE": "(?:<AMAZON>|<TEMU>|<EBAY>|<GROUPS>|<READ_OFF>|<SHOPEE>|<DASHED>)(?!\\d)",
    # "order number", "number of my order", "#"; "order 4482", "order is 4482"
    "CALLED": r"(?:<ORDER_NUMBER>|<ORDER><FEW>(?:<WORD> )?(?:[<SMALL>] )?[<NAMED>]|<ORDER>[ .\-]{0,2}<NO>"
    r"|[<NAMED>]<FEW><ORDER>|[#№] ?<ORDER>?)<GAP>",
    "WEAK": r"<ORDER>[\s:=#№\-(\[\"'«“„*]{0,4}(?:[<BE>][ :]{0,2}(?:[<SMALL>] )?)?",
    "NOT_COUNTED": r"(?!\d{1,4}(?:[.,]\d{1,3})? ?<UNIT>|\d{1,9}(?:[.,]\d{1,3})? ?[<CASH>])",
    "NO_DATE": r"(?!\d{1,2}<DASH>\d{1,2}<DASH>\d{2,4}(?!\d)|(?:19|20)\d\d<DASH>\d{1,2}<DASH>\d{1,2}(?!\d))",
    "CODE_ENDS": r"(?![\d/]|[.,]\d|<DASH>[A-Z0-9])",
    "PLAIN_ENDS": r"(?!\d|[.,/:]\d|<DASH>\d)",
    "SEPARATE": r"(?<![<LATIN>0-9])",
}

# -- known by themselves ---------------------------------------------------------------------

(EMAIL,) = compiled(
    _OWN,
    r"(?<!<CHAR>)(?<![.+-])(?P<v><CHAR>(?:<CHAR>|[.%+-]){0,63}@(?:[^\W_<HAN>](?:<CHAR>|-){0,62}\.){1,8}[^\W\d_<HAN>]{2,24})",
)
# UPU S10 (two letters, eight digits, check digit, country). Anything but an upper-case form must pass the check.
S10 = re.compile(r"(?<![A-Z0-9])(?P<v>[A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{2} \d{3} \d{3} \d{3} [A-Z]{2})(?![A-Z0-9])", re.ASCII)
S10_LOOSE = re.compile(r"(?<![A-Z0-9])(?P<v>[A-Z]{2}(?: ?\d){9} ?[A-Z]{2})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
# Shapes from the carriers' public number formats; a shape is no proof, the carrier is asked anyway.
CARRIERS = tuple(
    re.compile(rf"(?<![A-Z0-9])(?P<v>{shape})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
    for shape in (
        r"1Z ?(?:[A-Z0-9] ?){15}\d|1Z(?=(?:[A-Z]{0,6}\d){6})[A-Z0-9]{9,18}",  # UPS, and what is meant to be one
        r"YT ?(?:\d ?){15}\d|YT\d{13}",  # YunExpress; YTO
        r"L[PZ] ?\d{11,16}|CAINIAO\d{8,20}|CN[A-Z]{0,3}\d{10,14}",  # Cainiao
        r"4PX\d{13}CN|GFUS\d{14}|TB[ACM]\d{12}|SF ?\d{12,15}|JT\d{13}|UUS\d{10,18}",
        r"J(?:JD|D|[A-Z]{2,3})\d{9,18}|(?:GM|LX|RX)\d{10,39}|00340\d{15}",  # DHL; JD
        r"U[A-Z]\d{9}Y[A-Z]|P[A-Z][A-Z0-9]{4}\d{16}[A-Z]|[5-9][A-Z]\d{11}",  # Yanwen; Correos; Colissimo
        r"H\d{2}[A-Z]{3}\d{10}|LTN\d{7,12}|99\.\d\d\.\d{6}\.\d{1,8}",  # Evri; Landmark; Swiss Post
        r"(?:420\d{5})?9[1-5](?:\d{20}|(?:\d{2} \d{4} \d{4} \d{4} \d{4} \d{2}))|\d{21,30}",  # USPS; InPost, Estafeta
    )
)

# -- known by the words around them ------------------------------------------------------------

PARCELS = compiled(
    _OWN,
    r"<TRACKED><TO_PARCEL>(?P<v><PARCEL_CODE>{8,40}|<PARCEL_GROUPS>)(?![A-Z0-9])",
    r"(?:<TRACK><FEW>[<NAMED><NO>]|[<NAMED>]<FEW><TRACK>)<TO_PARCEL>"
    r"(?P<v><PARCEL_CODE>{6,40}(?:<DASH>[A-Z0-9]{1,12}){0,4})(?![A-Z0-9])",
    r"<TRACK>(?: [<WORD><NAME><SHOUT><CARRIER>]){1,3} ?: ?(?P<v><PARCEL_CODE>{7,40}|<PARCEL_GROUPS>)(?![A-Z0-9])",
    r"<CARRIER><TO_PARCEL>(?P<v><PARCEL_CODE>{9,40})(?![A-Z0-9]|<DASH>\d)",
    r"<PARCEL>[\s:#(]{0,3}(?P<v>\d{12,14}|\d{18,24}|[A-Z]{1,3}\d{9,18}[A-Z]{0,3})(?![A-Z0-9]|<DASH>\d)",
)
CERTAIN = compiled(_OWN, r"<ALONE>(?P<v><AMAZON>|<TEMU>)(?!\d)")  # whatever noun stands before it
LIKELY = compiled(_OWN, r"<ALONE>(?P<v>(?:8\d|30)\d{14})(?!\d)")  # AliExpress; whatever but a parcel's
CALLED = compiled(
    _OWN,
    r"(?:<CALLED>|<WEAK><NO_DATE>)(?P<v><SHAPE>)",
    r"(?:<CALLED>|<WEAK>|<REF><GAP>)(?P<v>\d{2,4}(?: \d{3,4}){1,4}|\d{3}<DASH>\d{3}<DASH>\d{4})(?!\d| ?[<UNIT><CASH>])",
    r"(?:<CALLED>|<WEAK>|[<NAMED>]<GAP>)(?P<v>\d{1,3}(?: \d{3}){3})(?! ?\d)",
    r"<CALLED><NOT_COUNTED>(?P<v>[A-Z]{0,6}<DASH>?\d{1,24})<CODE_ENDS>(?![A-Z]\d|[A-Z]\b)",
    r"<CALLED><NOT_COUNTED>(?P<v>(?=[A-Z/_-]{0,20}\d)[A-Z0-9]{1,24}(?:(?:<DASH>|[/_])[A-Z0-9]{1,24}){0,5})(?![A-Z0-9])",
    r"<ORDER> ?<NUMBER>(?: [<SMALL><WORD><NAME>]){1,4}(?: [<BE>]|:) ?(?P<v>[A-Z]{0,6}<DASH>?\d{1,24})<CODE_ENDS>",
    r"(?:<SIGN>\.?|<NO>[.:])[\s:]{0,2}<NOT_COUNTED>(?P<v>[A-Z]{0,4}<DASH>?\d{3,24}(?:<DASH>\d{1,12}){0,3})<CODE_ENDS>",
    r"<WEAK>(?P<v>\d{6,24})<CODE_ENDS>(?! \d)",
    r"(?<![\w-])(?P<v>[A-Z]{0,4}\d{1,3}) [<BE>] (?:[<SMALL>] ){0,2}"  # "12 is my order number"
    r"(?:<NUMBER> (?:[<SMALL>] ){0,2})?[<ORDER><ORDER_NUMBER>]",
)
WEAK = compiled(
    _OWN,
    r"<WEAK><NOT_COUNTED>(?P<v>[A-Z]{0,5}<DASH>?\d{3,24}(?:<DASH>[A-Z]{1,3})?)<CODE_ENDS>",
    r"<WEAK>(?P<v>(?=\S{0,20}\d)(?=\S{0,20}[A-Z])[A-Z0-9]{1,12}(?:[-/_][A-Z0-9]{1,12}){1,4})(?![A-Z0-9])",
    r"<WEAK>(?P<v>\d{1,3})\s{0,3}(?:$|[.,;!?](?!\d))",
)
NUMBERED = compiled(_OWN, r"(?:[<NUMBER><REF>]<GAP>|<PARCEL>[ :#]{1,2})<NOT_COUNTED>(?P<v>\d{4,24})<CODE_ENDS>")
# The next of a list.
(NEXT,) = compiled(
    _OWN,
    r"\s?(?:[,;/&+、]|<AND>|[<SMALL>](?=\s?\d))\s?(?:<AND>\s?)?#?"
    r"(?P<v>[A-Z0-9]{1,24}(?:[-/_][A-Z0-9]{1,24}){0,5})(?![\w-]|[.,]\d)(?! ?[<UNIT><CASH>])",
)

# -- with nothing to say what they are -----------------------------------------------------------

SHAPES = compiled(_OWN, r"<ALONE>(?P<v><SHAPE>)", flags=re.IGNORECASE | re.ASCII)
# A shop's own prefix ("SO-10234", "GSH1AB2…"): upper case, or with a dash, else it is a word and a number.
PREFIXED = compiled(
    _OWN,
    r"<SEPARATE>(?P<v>[A-ZА-Я]{1,6}(?:\d{5,20}|(?:<DASH>|_)\d{4,20})(?:<DASH>\w{1,20}){0,3})(?![\dA-Z])",
    r"<SEPARATE>(?P<v>[A-Z]{1,6}<DASH>(?=(?:\d<DASH>?){5})\d{1,20}(?:<DASH>\d{1,20}){1,3})(?![\dA-Z])",
    r"<SEPARATE>(?P<v>\d{3,12}<DASH>[A-Z]{1,3}<DASH>\d{3,12})(?![<LATIN>0-9])",
    r"<SEPARATE>(?P<v>GS[A-Z0-9]{0,4}\d[A-Z0-9]{7,20})(?![<LATIN>0-9])",
    r"<SEPARATE>(?P<v>[a-z]{1,4}<DASH>\d{4,20})(?![\da-z])",
    r"<SEPARATE>(?P<v>\d{4,20}<DASH>[A-Z]{1,3})(?![\d<LATIN>])",
    flags=0,
)
PLAIN = compiled(
    _OWN,
    r"<FREE>(?<!\d[<LATIN>])(?<!\d[<LATIN>]{2})(?P<v>\d{6,20})<PLAIN_ENDS>(?![<LATIN>]{1,2}\d)",
    r"<FREE>(?<![<LATIN>])(?P<v>\d{5})<PLAIN_ENDS>(?![<LATIN>])",
    # Four digits elsewhere in a sentence are rather a price or a model ("RTX 3060").
    r"(?:^[^\w<ANY_SIGN>]{0,9}|[<IS><MINE>][ :]{0,2})(?P<v>\d{4})<PLAIN_ENDS>(?![<LATIN>])",
    r"[.,;:!?\n] ?(?P<v>\d{4})(?=[\s.!?]{0,9}$)",
)
# Nothing else in the message: the dialogue knows what it asked for, so a year or a date may pass as a number here.
ALONE = re.compile(
    r"[\s\"'«»„“”‘’(\[.#:]{0,20}(?P<v>[A-Z]{0,6}[-‐‑‒–—−]?\d{3,20})[\s\"'«»„“”‘’)\].,;:!?。~*-]{0,20}", re.IGNORECASE
)
