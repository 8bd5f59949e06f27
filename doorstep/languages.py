"""Tells in which language a message is written, and when that is good enough a reason to change the conversation's.

Script decides for Chinese and Russian; the five languages in Latin letters are told apart by py3langid. A word, a
number or an address says nothing. Called by the front for each message, before anybody else reads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from copy import copy
from functools import lru_cache
from typing import Any

SPOKEN = ("en", "zh", "es", "pt", "fr", "de", "ru")  # those of replies/ and data/nlu/

_LATIN = ("en", "es", "pt", "fr", "de")
_OTHERS = ("it", "nl", "pl", "tr", "sv", "da", "no", "fi", "cs", "sk", "ro", "hu", "vi", "id", "hr", "lt", "lv", "et")
# Whom we can rather answer in something else than English. Not Ukrainian: many of its speakers would mind Russian.
_NEAREST = {"it": "es", "ca": "es", "gl": "pt", "nl": "de", "be": "ru", "kk": "ru", "ky": "ru"}
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARABIC": "ar", "HEBREW": "he", "THAI": "th", "GREEK": "el",
    "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "ARMENIAN": "hy", "GEORGIAN": "ka",
}  # fmt: skip
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"  # kana and characters: a number stands between them without a space
_NO_WORDS = re.compile(  # numbers, codes, addresses, links
    rf"[^\s{_UNSPACED}]*[\d@/][^\s{_UNSPACED}]*|\bwww\.[^\s{_UNSPACED}]+"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FOREIGN_CYRILLIC = {"uk": set("іїєґ"), "be": set("ў"), "kk": set("әғқңөұүһ"), "sr": set("ђћџљњј")}

# By words of a message in Latin letters: how sure py3langid must be (0 to 1) before its answer counts.
_SURE_ENOUGH = {2: 0.97, 3: 0.7, 4: 0.5}
_MAY_STILL_BE = 0.15  # a name or a product in another language leaves this much for the one spoken so far
_PLAINLY_ENOUGH = 8  # words that count whatever was spoken before
_SURE_OF_OTHERS = 0.9
_WORDS_OF_OTHERS = 4  # fewer words in a language that we do not speak may be a name or a quotation


def prepare() -> None:
    """Load what the first message would otherwise wait for, half a second."""
    _latin()


def language_of(text: str, before: str = "") -> str:
    """The language of SPOKEN that a message is plainly written in; `before` when it says too little to tell.

    `before` is the language of the conversation so far, any code or none.
    """
    words = _words(text)
    script = _script(words)
    if script in SPOKEN:
        return script
    if script is not None or len(words) < min(_SURE_ENOUGH) or _is_name(words):
        return before
    (language, sure), *others = _latin().rank(" ".join(words).casefold())
    enough = _SURE_ENOUGH.get(len(words), _SURE_ENOUGH[max(_SURE_ENOUGH)])
    as_before = dict(others).get(before, 0.0)
    if sure < enough or (as_before > _MAY_STILL_BE and len(words) < _PLAINLY_ENOUGH) or foreign_language_of(text):
        return before
    return str(language)


def foreign_language_of(text: str) -> str | None:
    """The ISO 639-1 code of a language outside SPOKEN that a message is plainly written in, else None."""
    words = _words(text)
    script = _script(words)
    if script is not None:
        return None if script in SPOKEN else script
    if len(words) < _WORDS_OF_OTHERS:
        return None
    language, sure = _all_latin().classify(" ".join(words).casefold())
    return str(language) if language in _OTHERS and sure >= _SURE_OF_OTHERS else None


def nearest_spoken(language: str) -> str:
    """The language of SPOKEN to answer in to somebody who writes in another one."""
    return language if language in SPOKEN else _NEAREST.get(language, "en")


def has_words(text: str) -> bool:
    """Whether a message says anything in words: not one that is an address, a number or a code alone."""
    return bool(_words(text))


def _is_name(words: list[str]) -> bool:
    """Whether this is rather a name than a sentence: "Ana de Souza", "The North Face Jacket"."""
    return sum(word.islower() for word in words) < 2 and not all(word.isupper() for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(_NO_WORDS.sub(" ", unicodedata.normalize("NFKC", text)))


def _script(words: list[str]) -> str | None:
    """The language that the script of most letters stands for; None for Latin letters, or none at all."""
    letters = "".join(words)
    scripts = Counter(map(_script_of, letters))
    del scripts[""]
    if scripts["ja"]:
        scripts["ja"] += scripts.pop("zh", 0)  # kana among the characters: Japanese
    script, count = max(scripts.items(), key=lambda item: item[1], default=("", 0))
    # A Chinese character is a syllable, so two of them outweigh a brand's name in Latin letters. One that is written
    # like a name ("iPhone Pro Max") does not count at all.
    weight = 3 if script in ("zh", "ja", "ko") else 1
    others = sum(len(word) for word in words if not _script_of(word[0]) and (word.islower() or word.isupper()))
    if count < 2 or count * weight < others:
        return None
    if script == "ru":
        used = set(letters.casefold())
        return next((language for language, own in _FOREIGN_CYRILLIC.items() if used & own), "ru")
    return script


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return {"CJK": "zh", "CYRILLIC": "ru"}.get(name) or _SCRIPTS.get(name, "")


@lru_cache(maxsize=1)
def _all_latin() -> Any:
    """py3langid for the languages in Latin letters alone: of all 140 its table would take six times the room."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages((*_LATIN, *_OTHERS))
    identifier._full_model = identifier.nb_ptc, identifier.nb_pc, identifier.nb_classes
    return identifier


@lru_cache(maxsize=1)
def _latin() -> Any:
    """The same for those that we speak."""
    identifier = copy(_all_latin())  # shares the large tables
    identifier.set_languages(_LATIN)
    return identifier
