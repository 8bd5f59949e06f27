"""The shapes `doorstep.nlu.numbers` looks for: numbers that matter, and those that only look like one.

All patterns are matched against NFKC text, ignoring case unless they say otherwise. Each has a group `v`
around the number itself, so that the word before it is not part of the value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Pattern = re.Pattern[str]

DASH = r"[-‐‑‒–—−]"
_JOIN = rf"(?:\s?{DASH}\s?)"  # people type "112 - 4455667" too
_NOT_IN_NUMBER = rf"(?<![\d.,/])(?<!\d{DASH})"
_NUMBER_ENDS = rf"(?!\d)(?!{DASH}\d)"
_AND_IS = (
    r"(?:\s*(?:number|num|nummer|no\.?|nr\.?|code|id|ref|#|号码?|号))?\s*(?:(?:is|was|es|ist|est|是|为)\b)?\s*[:=#]?\s*"
)


def _all(*sources: str) -> tuple[Pattern, ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


EMAIL = re.compile(r"(?<![\w.+-])(?P<v>\w[\w.%+-]*@(?:[^\W_][\w-]*\.)+[^\W\d_]{2,})", re.IGNORECASE)
LINK = re.compile(r"(?P<v>(?:https?://|www\.)\S+)", re.IGNORECASE)

# UPU S10 (two letters, eight digits, check digit, country). Anything but the plain upper-case form must pass the check.
S10 = re.compile(r"(?<![A-Z0-9])(?P<v>[A-Z]{2}\d{9}[A-Z]{2})(?![A-Z0-9])", re.ASCII)
S10_LOOSE = re.compile(r"(?<![A-Z0-9])(?P<v>[A-Z]{2}(?: ?\d){9} ?[A-Z]{2})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)

# Shapes from the carriers' public number formats; a shape is no proof, the carrier is asked anyway.
TRACKING = tuple(
    re.compile(rf"(?<![A-Z0-9])(?P<v>{shape})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
    for shape in (
        r"1Z ?(?:[A-Z0-9] ?){15}\d",  # UPS
        r"YT ?(?:\d ?){15}\d|YT\d{13}",  # YunExpress; YTO
        r"L[PZ] ?\d{11,16}",  # Cainiao
        r"4PX\d{13}CN|GFUS\d{14}|TB[ACM]\d{12}|SF\d{12,15}|JT\d{13}|JJ?D\d{15,18}|GM\d{16,20}",
        r"(?:420\d{5})?9[1-5](?:\d{20}|(?:\d{2} \d{4} \d{4} \d{4} \d{4} \d{2}))",  # USPS, 22 digits
    )
)
TRACKING_CUE = _all(
    r"(?:track(?:ing)?|waybill|awb|parcel|shipment|consignment|sendungs?|suivi|seguimiento|rastreio)\s*"
    r"(?:number|num|nummer|no\.?|nr\.?|code|id|#)\s*(?:is|was|:|=)?\s*[:#]?\s*(?P<v>[A-Z0-9]*\d[A-Z0-9]{5,})",
    r"(?:tracking|sendungsnummer|трек(?:-номер)?)\s*(?:is|:|=)?\s*(?P<v>[A-Z0-9]*\d[A-Z0-9]{7,})",
    r"(?:运单号|快递单号|物流单号|快递号)\s*(?:是|为)?\s*[:=]?\s*(?P<v>[A-Z0-9]*\d[A-Z0-9]{5,})",
)

# The word before the number says that it is something else.
OTHER_NOUN = _all(
    r"(?:\b(?:item|sku|asin|model|article|product|serial|ticket|case|complaint|protocolo?|account|customer|client|"
    r"coupon|promo|voucher|discount|pin|otp|version|claim)|商品|货号|优惠券)"
    + _AND_IS
    + r"(?P<v>[A-Z]{0,4}\d[\dA-Z./_-]*)",
    r"\b(?:apt|apartment|flat|unit|room|suite|p\.?o\.? ?box|house|building|door|floor|block)\b\.?\s*"
    r"(?:number|no\.?|#)?\s*#?(?P<v>\d[\dA-Z]*)",
    r"(?:\b(?:zip|post(?:al)?\s?code|zip\s?code|plz|postleitzahl|code postal|cep|c\.p\.|código postal)|邮编|индекс)"
    + _AND_IS
    + r"(?P<v>[A-Z]{0,2}\d[A-Z0-9]*(?:[ -]\d[A-Z0-9]{2})?(?:-\d{3,4})?)",
    r"(?:\b(?:card|visa|mastercard|amex|carte|karte|tarjeta|cartão)\b|卡)"
    r"(?:\s+(?:number|no\.?|ending|ends|end|endet|in|is|with|was|my))*\s*[:#(]?\s*(?:[x*]+\s*)*(?P<v>\d{4})(?! ?\d)"
    + _NUMBER_ENDS,
)

_PHONE_DIGITS = r"(?P<v>\+?\(?\d(?:[ ().-]{0,2}\d){6,14})" + _NUMBER_ENDS
PHONE_CUE = _all(
    r"(?:\b(?:phone|tele?phone|tel|mobile|cell|whats\s?app|contact|telefon|téléphone|handy|teléfono|celular|móvil|telefone)"
    r"\b\.?|телефон|手机号?|电话)" + _AND_IS + r"(?:(?:on|at)\s+)?" + _PHONE_DIGITS,
    r"\b(?:call(?:ed)?|text|ring|phone|reach|whatsapp)\s+(?:me|us|my)\b(?:(?!order)[^\d+#]){0,20}?" + _PHONE_DIGITS,
    r"\b(?:called|rang|dial(?:led)?)\s+" + _PHONE_DIGITS,
)
PHONE = _all(
    r"(?P<v>\+\s?\d(?:[ ().-]{0,2}\d){7,14})(?!\d)",
    _NOT_IN_NUMBER + r"(?P<v>00\d{1,2}[ -]\d(?:[ -]?\d){6,11})(?!\d)",
    r"(?P<v>\(\d{2,5}\)\s?\d{2,5}(?:[ -]?\d{2,5}){1,3})(?!\d)",
    _NOT_IN_NUMBER + r"(?P<v>(?:1[ .-])?[2-9]\d{2}(?P<s>[ .-])\d{3}(?P=s)\d{4})" + _NUMBER_ENDS,
    _NOT_IN_NUMBER + r"(?P<v>0[1-9]\d{2,3}[ -]\d{3}[ -]?\d{3,4}|07\d{9}|0\d(?: \d\d){4})" + _NUMBER_ENDS,
    _NOT_IN_NUMBER + r"(?P<v>1[3-9]\d{9})" + _NUMBER_ENDS,
)

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DATE = _all(
    _NOT_IN_NUMBER + r"(?P<v>\d{1,2}(?P<s>[./-])\d{1,2}(?P=s)(?:\d{4}|\d{2}))" + _NUMBER_ENDS,
    _NOT_IN_NUMBER + r"(?P<v>(?:19|20)\d{2}(?P<s>[./-])\d{1,2}(?P=s)\d{1,2})" + _NUMBER_ENDS,
    r"(?P<v>(?:(?:19|20)?\d{2}年)?\d{1,2}月(?:\d{1,2}[日号])?)",
    rf"\b(?P<v>\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?)(?!\d)",
    rf"\b(?P<v>{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)(?!\d)",
    rf"\b(?P<v>{_MONTH}\s+(?:19|20)\d{{2}})(?!\d)",
    r"\b(?:on|since|from|by|dated?|until)\s+(?:the\s+)?(?P<v>20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    r"(?P<v>(?<!\d)\d{1,2}:\d{2}(?::\d{2})?)",
)
YEAR = re.compile(_NOT_IN_NUMBER + r"(?P<v>(?:19[5-9]|20[0-4])\d)(?![\dA-Z])" + _NUMBER_ENDS, re.IGNORECASE)

_MONEY_SIGN = (
    r"(?:[$€£¥₹₽₩]|\b(?:US|AU|CA|R|C|A)\$|\b(?:usd|eur|gbp|cny|rmb|aud|cad|inr|brl|rub|jpy|pln|chf|sek|rs)\b\.?)"
)
_MONEY_WORD = (
    r"(?:[$€£¥₹₽₩元]|块|(?:usd|eur|gbp|cny|rmb|aud|cad|inr|brl|rub|jpy|pln|chf|sek|kr|zł|euros?|dollars?|pounds?|quid|"
    r"bucks|yuan|rupees|reais|roubles?|rubles?|yen|cents?|pence)\b)"
)
AMOUNT = _all(
    _MONEY_SIGN + r"\s?(?P<v>\d[\d,. ]*\d|\d)",
    _NOT_IN_NUMBER + rf"(?P<v>\d+(?:[., ]\d{{3}})*(?:[.,]\d{{1,2}})?)\s?{_MONEY_WORD}",
    _NOT_IN_NUMBER + r"(?P<v>\d+(?:[., ]\d{3})*[.,]\d{2})(?![\d.,]\d|\d)",
    _NOT_IN_NUMBER + r"(?P<v>\d{1,3}(?:,\d{3})+)(?!\d)",
    r"\b(?:paid|pay|cost|costs|charged|price|worth|spent|spend)\s+(?:(?:me|you|about|over|almost|around|is|was)\s+){0,2}"
    r"(?P<v>\d{1,6})" + _NUMBER_ENDS,
    r"(?:金额|价格|付了|花了)\s*[::]?\s*(?P<v>\d[\d.,]*)",
)
MEASURE = _all(
    _NOT_IN_NUMBER
    + r"(?P<v>\d+(?:[.,]\d+)?)\s?(?:ml|mah|[gtmk]b|[km]?g|[mck]m|watts?|w|v|volts?|k?hz|p|dpi|rpm|lumens?|days?|"
    r"hours?|hrs?|weeks?|months?|years?|min(?:ute)?s?|people|times|pcs|pieces|miles|km|lbs?|oz|points?|followers|reviews|"
    r"stars?|(?:st|nd|rd|th))\b",
    _NOT_IN_NUMBER + r"(?P<v>\d+(?:[.,]\d+)?)\s?(?:%|天|个|件|小时)",
)
PLACE = (
    re.compile(
        r"(?<!\d)(?P<v>\d{1,5}[a-z]?),?\s+(?:[\w'.]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|blvd|boulevard|"
        r"court|ct|way|close|crescent|highway|hwy|parkway|terrace)\b",
        re.IGNORECASE,
    ),
    re.compile(r"(?<!\d)(?P<v>\d{5}-\d{4})(?!\d|-)"),  # ZIP+4
    re.compile(r"\b[A-Z]{2},?\s(?P<v>\d{5})(?![\d-])(?=\s*(?:$|[,.;\n]))"),  # "Austin TX 78701"
)

CARD = re.compile(
    r"(?<![\d-])(?P<v>[3-6]\d{3}(?:(?P<s>[ -]?)\d{4})(?:(?P=s)\d{4}){2}|3[47]\d{2} ?\d{6} ?\d{5})(?![\d-])"
)
CARD_WORD = re.compile(
    r"\b(?:card|visa|mastercard|amex|cvv|carte|karte|kreditkarte|tarjeta|cartão)\b|卡|карт", re.IGNORECASE
)

_ORDER_NOUN = (
    r"(?:orders?|ord|pedido|encomenda|commande|bestellung|bestell|ordine|bestelling|zamówieni[ea]|заказа?у?|purchase|"
    r"订单|訂單|注文|주문)"
)
_NUMBER_WORD = (
    r"(?:numbers?|numbre|numer|num|nummer|número|numero|numéro|номер|no|nr|id|ref(?:erence)?|code|n[°ºo]|"
    r"号码|编号|番号|번호|号|#)"
)
_LINK_WORD = r"(?:is|was|=|:|;|es|ist|est|è|é|是|为|-|\.|#|\s)"
ORDER_CUE = (
    rf"(?:(?:(?<![^\W\d_]){_ORDER_NOUN}\s*{_NUMBER_WORD}(?:\s+(?:of|for)(?:\s+\w+){{1,3}}(?=\s+(?:is|was)\b|:))?"
    rf"|(?<![A-Z]){_ORDER_NOUN}nummer|单号|订单号){_LINK_WORD}{{0,6}}|(?:#|№|(?<![A-Z])n[°º])\s*)"
)
WEAK_CUE = rf"(?:(?<![^\W\d_]){_ORDER_NOUN}\s*[:#-]?\s*)"

_SHAPES: Sequence[str] = (
    rf"[A-Z]?\d{{2,3}}{_JOIN}\d{{7}}{_JOIN}\d{{7}}|\d{{3}} \d{{7}} \d{{7}}",  # Amazon
    rf"PO{_JOIN}\d{{3}}{_JOIN}\d{{15,19}}",  # Temu
    rf"\d{{2}}{_JOIN}\d{{5}}{_JOIN}\d{{5}}|\d{{2}} \d{{5}} \d{{5}}",  # eBay
    rf"\d{{3}}{_JOIN}\d{{4}}{_JOIN}\d{{4}}|\d{{3}} \d{{4}} \d{{4}}",
    rf"\d{{2}}{_JOIN}\d{{4,5}} ?\d{{4,5}}",
    r"\d{4}(?: \d{4}){3}",  # AliExpress, read off a screen
    r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=[A-Z0-9]{8}(?![A-Z0-9]))[A-Z0-9]*[A-Z][A-Z0-9]*",  # Shopee
    rf"\d+(?:{DASH}\d+)+",
)
SHAPES = tuple(
    re.compile(rf"(?<![\d.,/@])(?<!\d{DASH})(?P<v>{shape})(?!\d)", re.IGNORECASE | re.ASCII) for shape in _SHAPES
)
CUED_SHAPES = (re.compile(rf"{ORDER_CUE}(?P<v>{'|'.join(_SHAPES)})(?!\d)", re.IGNORECASE | re.ASCII),)
CUED_GROUPS = _all(
    rf"(?:{ORDER_CUE}|{WEAK_CUE})(?P<v>\d{{3,4}}(?: \d{{3,4}}){{2,4}}|\d{{3}}{DASH}\d{{3}}{DASH}\d{{4}})(?!\d)"
)
_COUNTED = r"(?:days?|weeks?|months?|times|items?|hours?)\b"
CUED_CODE = _all(
    rf"{ORDER_CUE}(?P<v>[A-Z]{{0,6}}{DASH}?\d+)(?![\d/]|{DASH}[A-Z0-9])(?!\s?{_COUNTED})(?![A-Z]\d|[A-Z]\b)",
    rf"{ORDER_CUE}(?P<v>(?=[A-Z/_-]*\d)[A-Z0-9]+(?:(?:{DASH}|[/_])[A-Z0-9]+)*)(?!\s?{_COUNTED})",
    r"(?<![A-Z])(?:nr\.?|no[.:])\s*(?P<v>[A-Z]{0,4}\d{3,})(?!\d)",
)
SHORT_AFTER = _all(r"(?<![\w-])(?P<v>[A-Z]{0,4}\d{1,3})\s+(?:is|was)\s+(?:my|the)\s+order\s*(?:number|no|id|#)?")
WEAK_CODE = _all(
    rf"{WEAK_CUE}(?P<v>(?!no|nr)[A-Z]{{0,5}}{DASH}?\d{{3,}})(?!\d)(?!\s?(?:of|items?|pcs|pieces|pairs?|units?)\b)",
    rf"{WEAK_CUE}(?P<v>\d{{1,3}})\s*(?:$|[.,;!?])",
)
# A shop's own prefix ("SO-10234", "GSH1AB2…"): upper case, or with a dash, else it is a word and a number.
PREFIXED = (
    re.compile(rf"(?<![A-Z0-9a-z])(?P<v>[A-Z]{{1,6}}(?:{DASH}|_)?\d{{4,}}(?:{DASH}\w+)*)(?![\dA-Z])"),
    re.compile(r"(?<![A-Z0-9a-z])(?P<v>GS[A-Z0-9]*\d[A-Z0-9]{7,})(?![A-Z0-9a-z])"),
    re.compile(rf"(?<![A-Z0-9a-z])(?P<v>(?!no{DASH}|nr{DASH})[a-z]{{1,4}}{DASH}\d{{4,}})(?![\da-z])"),
    re.compile(rf"(?<![A-Z0-9a-z])(?P<v>\d{{4,}}{DASH}[A-Z]{{1,3}})(?![\dA-Za-z])"),
)
# Nothing else in the message: the dialogue knows what it asked for, so a year or a date may pass as a number here.
ALONE = re.compile(
    rf"[\s\"'(.#:]*(?P<v>(?!orders?\d|n[or]{DASH}?\d|id\d|num)[A-Z]{{0,6}}{DASH}?\d{{3,20}})[\s\"').,;!?]*",
    re.IGNORECASE | re.ASCII,
)
PLAIN = re.compile(_NOT_IN_NUMBER + r"(?P<v>\d{4,20})" + rf"(?!\d|[.,/:]\d|{DASH}\d)")
