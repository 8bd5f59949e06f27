"""A labelled message becomes one line more of its intent's file, or is refused and nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from doorstep import phrases
from doorstep.phrases import PhrasesError, as_example, teach

REFUND = """\
# What buyers say.
version: "3.1"

nlu:
  - intent: refund
    examples: |
      - money back please
      - refund order 61290044
"""
CHITCHAT = """\
version: "3.1"

nlu:
  - intent: greet
    examples: |
      - hello
      - good morning

  # and the other way
  - intent: goodbye # at the end
    examples: |
      - bye
  - synonym: greet
    examples: |
      - hullo
  - intent: inform
    examples: |
      - my number is 10234"""
HELD_OUT = """\
nlu:
  - intent: refund
    examples: |
      - Where's my refund?
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "data/nlu/en/refund.yml": REFUND,
        "data/nlu/en/chitchat.yml": CHITCHAT,
        "data/nlu/de/refund.yml": REFUND.replace("money back please", "geld zurück"),
        "tests/nlu/en.yml": HELD_OUT,
        "tests/nlu/chatter_en.yml": HELD_OUT.replace("Where's my refund?", "what is the weather"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def files(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def changed(root: Path, before: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in files(root).items() if before.get(name) != text}


def test_a_phrase_becomes_the_last_line_of_its_intent_and_nothing_else_changes(root: Path) -> None:
    before = files(root)
    file, line = teach(root, "en", "refund", "i want it all back")
    assert (file, line) == (root / "data/nlu/en/refund.yml", "i want it all back")
    assert changed(root, before) == {"data/nlu/en/refund.yml": REFUND + "      - i want it all back\n"}


@pytest.mark.parametrize(
    ("intent", "line_before"),
    [("greet", "      - good morning\n"), ("goodbye", "      - bye\n"), ("inform", " 10234\n")],
)
def test_a_phrase_goes_into_its_own_block_of_a_file_with_several(root: Path, intent: str, line_before: str) -> None:
    teach(root, "en", intent, "well well")
    text = (root / "data/nlu/en/chitchat.yml").read_text()
    assert text.replace("      - well well\n", "") == CHITCHAT + "\n" * (intent == "inform")
    assert line_before + "      - well well\n" in text


def test_a_phrase_goes_to_the_file_of_its_language(root: Path) -> None:
    before = files(root)
    teach(root, "de", "refund", "ich will mein geld")
    assert list(changed(root, before)) == ["data/nlu/de/refund.yml"]


@pytest.mark.parametrize(
    "text",
    ["- a dash", "${HOME}: {x: 1} # no", 'he said "no" \\n', "[a](refund) [b]{c}", "退款 😀", "it's |", "%x &y *z"],
)
def test_rasa_reads_a_taught_phrase_as_plain_words(root: Path, text: str) -> None:
    file, line = teach(root, "en", "refund", text)
    example = load_data(str(file)).intent_examples[-1]
    assert (example.get("text"), example.get("intent"), example.get("entities")) == (line, "refund", None)


def test_masks_become_values_that_are_made_up(root: Path) -> None:
    _, line = teach(root, "en", "refund", "order [number], write to [e-mail]")
    assert line == "order 48203917, write to name@mail.example"


def test_other_square_brackets_become_round_ones() -> None:
    assert as_example("[流泪] where [is](it)") == "(流泪) where (is)(it)"


@pytest.mark.parametrize("text", ["[number]", "[e-mail], [number]!", "?!", "12"])
def test_a_message_without_words_teaches_nothing(root: Path, text: str) -> None:
    before = files(root)
    with pytest.raises(PhrasesError, match="no words"):
        teach(root, "en", "inform", text)
    assert changed(root, before) == {}


def test_a_message_that_held_a_key_is_refused(root: Path) -> None:
    before = files(root)
    with pytest.raises(PhrasesError, match="password or a key"):
        teach(root, "en", "refund", "my password=[removed] fails")
    assert changed(root, before) == {}


def test_an_unknown_intent_is_refused_and_the_known_ones_are_named(root: Path) -> None:
    before = files(root)
    with pytest.raises(PhrasesError, match=r"no intent 'refnud'.* goodbye, greet, inform, refund\.$"):
        teach(root, "en", "refnud", "give it back")
    assert changed(root, before) == {}


def test_a_language_without_phrases_is_refused(root: Path) -> None:
    with pytest.raises(PhrasesError, match="data/nlu/fr has no phrases"):
        teach(root, "fr", "refund", "remboursement")


@pytest.mark.parametrize("text", ["Money back, please!", "refund order [number]", "GELD zurück"])
def test_a_phrase_that_is_there_is_refused_however_it_is_written(root: Path, text: str) -> None:
    before = files(root)
    with pytest.raises(PhrasesError, match=r"stands in data/nlu/\w+/refund\.yml already, as refund"):
        teach(root, "en", "greet", text)
    assert changed(root, before) == {}


@pytest.mark.parametrize("text", ["wheres my refund", "What is the weather?"])
def test_a_phrase_that_is_held_out_is_refused(root: Path, text: str) -> None:
    before = files(root)
    with pytest.raises(PhrasesError, match=r"tests/nlu/.*which measure what was learnt"):
        teach(root, "en", "refund", text)
    assert changed(root, before) == {}


def test_where_nothing_is_held_out_phrases_are_taught_all_the_same(root: Path) -> None:
    for file in (root / "tests/nlu").iterdir():
        file.unlink()
    assert teach(root, "en", "refund", "wheres my refund")[1] == "wheres my refund"


def test_a_file_in_another_form_is_left_alone(root: Path) -> None:
    (root / "data/nlu/en/refund.yml").write_text('nlu:\n  - intent: refund\n    examples: "- money back"\n')
    before = files(root)
    with pytest.raises(PhrasesError, match="add 'give it back' by hand"):
        teach(root, "en", "refund", "give it back")
    assert changed(root, before) == {}


@pytest.mark.parametrize("text", ["nlu: [", "- no\n- mapping\n", "rules: []\n", "nlu:\n  - intent: x\n"])
def test_a_file_that_cannot_be_read_is_named(root: Path, text: str) -> None:
    (root / "data/nlu/de/odd.yml").write_text(text)
    with pytest.raises(PhrasesError, match=r"odd\.yml cannot be read as phrases"):
        teach(root, "en", "refund", "give it back")


def test_a_taught_file_can_be_read_by_whoever_could_read_it_before(root: Path) -> None:
    file = root / "data/nlu/en/refund.yml"
    file.chmod(0o664)
    teach(root, "en", "refund", "give it back")
    assert file.stat().st_mode & 0o777 == 0o664


def test_phrases_are_read_with_their_intents(root: Path) -> None:
    found = phrases.read(root / "data/nlu/en/chitchat.yml")
    assert found == [
        ("hello", "greet"),
        ("good morning", "greet"),
        ("bye", "goodbye"),
        ("my number is 10234", "inform"),
    ]


SORTED = """version: "3.1"

nlu:
  - intent: refund
    examples: |
      - money back
  - intent: refund
    metadata:
      subintent: status
    examples: |
      - where is my money
"""

MOODS = """version: "3.1"

nlu:
  - intent: refund
    metadata:
      mood: upset
    examples: |
      - where on earth is my money
"""


def test_a_phrase_is_taught_where_nothing_more_is_said_than_its_intent(root: Path) -> None:
    (root / "data/nlu/en/refund.yml").write_text(SORTED)
    (root / "data/nlu/en/upset.yml").write_text(MOODS)
    file, _ = teach(root, "en", "refund", "give it back")
    assert file == root / "data/nlu/en/refund.yml"
    assert file.read_text() == SORTED.replace("- money back\n", "- money back\n      - give it back\n")


def test_what_a_block_says_more_closely_is_read_with_its_phrases(root: Path) -> None:
    (root / "data/nlu/en/refund.yml").write_text(SORTED)
    assert phrases.read_labelled(root / "data/nlu/en/refund.yml") == [
        ("where is my money", "refund", "subintent", "status")
    ]
