"""Makes texts alike that mean the same to the intent model."""

from __future__ import annotations

import re
import unicodedata

from doorstep.nlu.numbers import EMAIL, ORDER, TRACKING, find_numbers

_MASKS = {ORDER: " øø ", TRACKING: " ŧŧ ", EMAIL: " ææ "}  # letters no training phrase is likely to hold

# Chinese shops' apps put a card about the order in front of what the buyer types. It is the same in front of every
# wish, so it is set aside: "咨询订单号:8153… 共1件商品,合计￥59.00元,交易状态 交易成功 下单时间:2024-05-12 10:20:11".
_CARD_SIGN = re.compile(r"咨询订单号|咨询这笔订单|下单时间|订单金额")
_MONEY = r"[￥¥]?\d[\d.,]*元?"
_CARD_PART = re.compile(
    r"(?:我?要?咨询这笔订单|(?:咨询)?订单编?号[:：\s]*[A-Za-z]*\d[\dA-Za-z-]*|商品(?:编号|ID)[:：\s]*\d+|共\d+件商品|"
    rf"(?:合计|订单金额|实付款?)[:：\s]*{_MONEY}|交易状态[:：\s]*\S+|下单时间[:：\s]*\d{{4}}[-/.]\d\d?[-/.]\d\d?(?:\s+\d\d?:\d\d(?::\d\d)?)?|"
    r"[￥¥]\d[\d.,]*)[,，;；\s]*"
)


def normalise(text: str) -> str:
    """What the model reads: NFKC, case-folded, numbers that matter masked by kind, other digits 0, single spaces."""
    if _CARD_SIGN.search(text):
        text = _CARD_PART.sub("", text)
        if not text.strip():
            return _MASKS[ORDER].strip()  # a card alone names an order and says no more
    parts: list[str] = []
    done = 0
    for find in find_numbers(text):
        parts += [text[done : find.start], _MASKS.get(find.kind, text[find.start : find.end])]
        done = find.end
    folded = unicodedata.normalize("NFKC", "".join([*parts, text[done:]])).casefold().replace("’", "'")
    return " ".join(re.sub(r"\d", "0", folded).split())
