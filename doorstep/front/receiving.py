"""Takes one photo or video out of a form while it streams in, tells its type from its bytes, and writes it down."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import anyio
import filetype
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from doorstep.front.errors import ApiError

MEGABYTE = 1024 * 1024
PHOTO, VIDEO = 10 * MEGABYTE, 50 * MEGABYTE
MOST_BYTES = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/webp", "image/heic", "image/gif"), PHOTO),
    **dict.fromkeys(("video/mp4", "video/webm", "video/quicktime"), VIDEO),
}
_HEAD = 4_096  # bytes that tell the type
_MOST_HEADERS = 4_096  # bytes of a part's headers
_IDLE = 30.0  # seconds a client may send nothing
_WHOLE = VIDEO + MEGABYTE


@dataclass(frozen=True)
class Received:
    """What was written down. `name` is as the client gave it, not cleaned."""

    name: str
    media_type: str
    size: int
    sha256: str


class UploadForm:
    """Parses a multipart form as its bytes come. Exactly one part is taken: a file in the field `file`."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise ApiError(422, "wrong_body", "Send the file as multipart/form-data in a field `file`.")
        self.name = ""
        self.is_complete = False
        self._found = False
        self._field, self._value, self._headers = b"", b"", dict[bytes, bytes]()
        self._data = bytearray()
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_end": self._on_end,
            },
        )

    def feed(self, chunk: bytes) -> bytes:
        """The bytes of the file in this piece of the form. Raises ApiError (400, 422)."""
        self._data.clear()
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise ApiError(400, "malformed_form", "The form cannot be read.") from error
        return bytes(self._data)

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._bound(self._field)

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound(self._value)

    def _on_header_end(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if self._found or options.get(b"name") != b"file" or b"filename" not in options:
            raise ApiError(422, "wrong_body", "Send exactly one file, in a field `file`.")
        self._found = True
        self.name = options[b"filename"].decode("utf-8", "ignore")
        self._headers = {}

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def _on_end(self) -> None:
        self.is_complete = True

    def _bound(self, header: bytes) -> None:
        if len(header) > _MOST_HEADERS or len(self._headers) > 8:
            raise ApiError(400, "malformed_form", "The form cannot be read.")


async def receive(request: Request, target: Path) -> Received:
    """Write the file of a form to `target`, which must not exist. Raises ApiError (400, 408, 413, 415, 422), OSError.

    After a refusal the rest of the form is read and thrown away, so that the client hears the refusal.
    """
    chunks = _chunks(request)
    form = UploadForm(request.headers.get("content-type", ""))
    try:
        return await _write(form, chunks, target)
    except ApiError as refusal:
        if refusal.code not in ("cut_off", "too_slow"):
            async for _ in chunks:
                pass
        raise


async def _write(form: UploadForm, chunks: AsyncIterator[bytes], target: Path) -> Received:
    head, size, media_type = b"", 0, ""
    digest = hashlib.sha256()
    async with await anyio.open_file(target, "xb") as file:
        async for chunk in chunks:
            data = form.feed(chunk)
            size += len(data)
            head += data[: _HEAD - len(head)]
            if not media_type and len(head) >= _HEAD:
                media_type = _type_of(head)
            if size > MOST_BYTES.get(media_type, VIDEO):
                raise _too_large(media_type)
            if data:
                digest.update(data)
                await file.write(data)
    if not form.is_complete or not size:
        raise ApiError(400, "malformed_form", "The form holds no whole file.")
    media_type = media_type or _type_of(head)
    if size > MOST_BYTES[media_type]:
        raise _too_large(media_type)
    return Received(form.name, media_type, size, digest.hexdigest())


def _type_of(head: bytes) -> str:
    guess = filetype.guess(head)
    if guess is None or guess.mime not in MOST_BYTES:
        raise ApiError(415, "not_a_photo", "Only photos (JPEG, PNG, WebP, HEIC, GIF) and videos (MP4, WebM, MOV).")
    return str(guess.mime)


def _too_large(media_type: str) -> ApiError:
    most = MOST_BYTES.get(media_type, VIDEO) // MEGABYTE
    return ApiError(413, "too_large", f"The file is larger than {most} MB.")


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    size = 0
    while True:
        try:
            chunk = await asyncio.wait_for(stream.__anext__(), _IDLE)
        except StopAsyncIteration:
            return
        except asyncio.TimeoutError as error:
            raise ApiError(408, "too_slow", "The file did not arrive in time.") from error
        except ClientDisconnect as error:
            raise ApiError(400, "cut_off", "The file did not arrive whole.") from error
        size += len(chunk)
        if size > _WHOLE:
            raise _too_large("")
        yield chunk
