"""Photos and videos at the chat API: told by their bytes, kept under names of ours, given to the sender alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from doorstep.replies.values import Reply
from tests.contract import chat_client
from tests.contract.chat_client import Buyer
from tests.contract.fake_rasa import FakeRasa
from tests.telling import told_by

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(2_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(2_000)
PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(2_000)


@pytest.fixture
def buyer(small_http: httpx.Client) -> Buyer:
    """A buyer in a fresh conversation."""
    return chat_client.start(small_http)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [("a.jpg", JPEG, "image/jpeg"), ("b.png", PNG, "image/png"), ("wrong.jpg", MP4, "video/mp4")],
)
def test_a_photo_comes_back_as_it_was_and_is_never_shown_in_place(
    buyer: Buyer, name: str, data: bytes, media_type: str
) -> None:
    upload = _uploaded(buyer, name, data)
    assert upload == {"id": upload["id"], "name": name, "type": media_type, "size": len(data)}
    response = buyer.http.get(f"/api/chat/uploads/{upload['id']}", headers=buyer.headers)
    assert (response.content, response.headers["content-type"]) == (data, media_type)
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_photo_can_be_attached_to_a_message(buyer: Buyer, rasa: FakeRasa) -> None:
    upload = _uploaded(buyer, "broken cup.jpg", JPEG)
    assert buyer.post({"id": "a", "text": "it came like this", "attachments": [upload["id"]]}).status_code == 202
    assert buyer.settled()[0]["attachments"] == [upload]
    assert rasa.asked[0].metadata["attachments"] == 1


def test_a_photo_without_words_is_acknowledged_and_rasa_is_not_asked(buyer: Buyer, rasa: FakeRasa) -> None:
    upload = _uploaded(buyer, "broken cup.jpg", JPEG)
    assert buyer.post({"id": "a", "attachments": [upload["id"]]}).status_code == 202
    photo, answer = buyer.settled()
    assert photo["attachments"] == [upload]
    assert answer["from"] == "notice"
    assert answer["text"] == told_by(Reply("notice_photo_received"))
    assert "?" in answer["text"]
    assert rasa.asked == []


def test_a_photo_of_another_conversation_is_neither_given_nor_attached(buyer: Buyer) -> None:
    upload = _uploaded(buyer, "a.jpg", JPEG)
    stranger = chat_client.start(buyer.http)
    assert stranger.http.get(f"/api/chat/uploads/{upload['id']}", headers=stranger.headers).status_code == 404
    refused = stranger.post({"id": "a", "text": "see", "attachments": [upload["id"]]})
    assert refused.json()["error"]["code"] == "unknown_attachment"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (PROGRAM, 415, "not_a_photo"),
        (b"MZ" + bytes(9_000), 415, "not_a_photo"),
        (b"<svg onload='alert(1)'>", 415, "not_a_photo"),
        (b"%PDF-1.7" + bytes(100), 415, "not_a_photo"),
        (b"", 400, "malformed_form"),
        (JPEG + bytes(10 * 1024 * 1024), 413, "too_large"),
        (MP4 + bytes(52 * 1024 * 1024), 413, "too_large"),
    ],
    ids=["elf", "exe", "svg", "pdf", "nothing", "large photo", "large video"],
)
def test_what_is_no_photo_is_refused_and_leaves_nothing(
    buyer: Buyer, tmp_path: Path, data: bytes, status: int, code: str
) -> None:
    response = _upload(buyer, "holiday.jpg", data)
    chat_client.check_answer(response)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\photos\\cup.jpg", "cup.jpg"),
        ("x" * 300 + ".jpg", ("x" * 300 + ".jpg")[-100:]),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "image.jpeg"),
        ("杯子.jpg", "杯子.jpg"),
    ],
)
def test_no_outside_name_becomes_a_path(buyer: Buyer, tmp_path: Path, name: str, kept: str) -> None:
    upload = _uploaded(buyer, name, JPEG)
    assert upload["name"] == kept
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == JPEG]
    assert files == [tmp_path / "uploads" / buyer.conversation_id / upload["id"]]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"rubbish"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: " + b"y" * 10_000 + b"\r\n\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + JPEG,
        ),
        (
            "multipart/form-data; boundary=x",
            (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + JPEG + b"\r\n") * 2
            + b"--x--",
        ),
    ],
    ids=["json", "no boundary", "rubbish", "no file", "long header", "cut off", "two files"],
)
def test_a_form_that_holds_not_one_whole_file_is_refused(
    buyer: Buyer, tmp_path: Path, content_type: str, body: bytes
) -> None:
    headers = {**buyer.headers, "Content-Type": content_type}
    response = buyer.http.post("/api/chat/uploads", content=body, headers=headers)
    chat_client.check_answer(response)
    assert response.status_code in (400, 422)
    assert [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == []


def test_the_eleventh_photo_in_an_hour_is_refused(buyer: Buyer) -> None:
    for _ in range(10):
        _uploaded(buyer, "a.jpg", JPEG)
    response = _upload(buyer, "a.jpg", JPEG)
    chat_client.check_answer(response)
    assert response.status_code == 429


def _upload(buyer: Buyer, name: str, data: bytes) -> httpx.Response:
    return buyer.http.post("/api/chat/uploads", files={"file": (name, data)}, headers=buyer.headers)


def _uploaded(buyer: Buyer, name: str, data: bytes) -> dict[str, Any]:
    response = _upload(buyer, name, data)
    chat_client.check_answer(response)
    assert response.status_code == 201, response.text
    upload: dict[str, Any] = json.loads(response.text)
    return upload
