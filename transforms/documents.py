"""Read a file of any supported format into a `Document`.

What a file is, is decided by its content alone (magic bytes, members of a zip, streams of an OLE file, the look of a
text); its name only tells an .et or .md from its twins. Refuses, each with a sentence of its own, whatever cannot be
read whole: nothing of a file is dropped without a word.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePath

import olefile

from transforms.grids import Cell, Document, Grid, Merge, Unreadable, cell_text, column_letters
from transforms.hypertext import decode_html, looks_like_html, read_html
from transforms.spreadsheet import read_workbook
from transforms.text import decode, read_csv, read_json, read_paragraphs
from transforms.word import read_docx

__all__ = ["Cell", "Document", "Grid", "Merge", "Unreadable", "cell_text", "column_letters", "read_document"]

MAX_BYTES = 512 * 1024 * 1024

_SPREADSHEET = "请把数据填入 Excel 或 WPS 表格另存为 xlsx（文字报告另存为 docx），重新报送。"
_ENCRYPTED = ("encrypted", "文件设有打开密码，无法读取，请取消密码后重新报送。")
# Contents known by their first bytes that are no report: code, and what to tell the sender.
_FOREIGN = (
    (b"%PDF", "pdf", f"文件是 PDF，不能作为报表读取，{_SPREADSHEET}"),
    (b"\x89PNG", "image", f"文件是图片，不能作为报表读取，{_SPREADSHEET}"),
    (b"\xff\xd8\xff", "image", f"文件是图片，不能作为报表读取，{_SPREADSHEET}"),
    (b"GIF8", "image", f"文件是图片，不能作为报表读取，{_SPREADSHEET}"),
    (b"II*\x00", "image", f"文件是图片，不能作为报表读取，{_SPREADSHEET}"),
    (b"MM\x00*", "image", f"文件是图片，不能作为报表读取，{_SPREADSHEET}"),
    (b"RIFF", "media", f"文件是图片或音像，不能作为报表读取，{_SPREADSHEET}"),
    (b"MZ", "executable", "文件是可执行程序，不是报表，请勿报送，并检查是否感染病毒。"),
    (b"\x7fELF", "executable", "文件是可执行程序，不是报表，请勿报送，并检查是否感染病毒。"),
    (b"Rar!", "archive", "文件是压缩包，请解压后把里面的报表逐个报送。"),
    (b"7z\xbc\xaf", "archive", "文件是压缩包，请解压后把里面的报表逐个报送。"),
    (b"\x1f\x8b", "archive", "文件是压缩包，请解压后把里面的报表逐个报送。"),
    (b"BZh", "archive", "文件是压缩包，请解压后把里面的报表逐个报送。"),
    (b"{\\rtf", "rtf", "文件是 RTF 文档，无法读取，请用 Word 或 WPS 打开后另存为 docx 重新报送。"),
    (b"MIME-Version:", "mhtml", f"文件是网页归档（MHTML），无法读取，{_SPREADSHEET}"),
)


def read_document(data: bytes, name: str) -> Document:
    """Return what the file holds.

    Raises Unreadable, and nothing else, for any bytes that are not a whole file of a supported format.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", "文件超过 512 MB，请按月份或县区拆分后分别报送。")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("empty", "文件是空的（没有任何内容），请检查后重新报送。")
    suffix = PurePath(name).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_zip(data, suffix)
    if data.startswith(olefile.MAGIC):
        return _from_ole(data, suffix)
    for magic, code, message in _FOREIGN:
        if data.startswith(magic):
            raise Unreadable(code, message)
    return _from_text(data, suffix)


def _from_zip(data: bytes, suffix: str) -> Document:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            kind = archive.read("mimetype")[:80] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError) as error:
        raise Unreadable("corrupt", "文件已损坏或没有传完整，请重新报送原文件。") from error
    names = {member.filename for member in members}
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise Unreadable("too_large", "文件展开后超过 512 MB，疑似异常文件，请删除多余内容或拆分后重新报送。")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable(*_ENCRYPTED)
    if "xl/workbook.xml" in names:
        return read_workbook(data, "et" if suffix == ".et" else "xlsx")
    if "word/document.xml" in names:
        return read_docx(data)
    if "xl/workbook.bin" in names or b"opendocument.spreadsheet" in kind:
        raise Unreadable("other_workbook", "这种表格格式（xlsb 或 ods）无法读取，请另存为 xlsx 后重新报送。")
    if b"opendocument.text" in kind:
        raise Unreadable("other_text", "这种文档格式（odt）无法读取，请另存为 docx 后重新报送。")
    raise Unreadable("archive", "文件是压缩包或其他程序的文件，请解压后把里面的报表逐个报送。")


def _from_ole(data: bytes, suffix: str) -> Document:
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:  # type: ignore[no-untyped-call]
            streams = {entry[0].lower() for entry in ole.listdir()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError) as error:
        raise Unreadable("corrupt", "文件已损坏或没有传完整，请重新报送原文件。") from error
    if "encryptedpackage" in streams:
        raise Unreadable(*_ENCRYPTED)
    if streams & {"workbook", "book"}:
        return read_workbook(data, "et" if suffix == ".et" else "xls")
    if "worddocument" in streams:
        raise Unreadable("doc", "文件是旧版 Word 文档（.doc），无法读取，请用 Word 或 WPS 打开后另存为 docx 重新报送。")
    raise Unreadable("foreign_office", f"文件不是表格也不是 Word 文档，无法读取，{_SPREADSHEET}")


def _from_text(data: bytes, suffix: str) -> Document:
    text, encoding = decode(data)
    if not text.strip():
        raise Unreadable("empty", "文件是空的（没有任何内容），请检查后重新报送。")
    is_markdown = suffix == ".md" and "<html" not in text[:4096].lower()  # which may begin with a tag
    if looks_like_html(text) and not is_markdown:
        return read_html(*decode_html(data))
    if text.lstrip().startswith("<?xml"):
        raise Unreadable("xml", f"文件是 XML，无法读取，{_SPREADSHEET}")
    text = text.removeprefix("\ufeff")
    return (
        read_json(text, encoding)
        or read_csv(text, encoding)
        or read_paragraphs(text, encoding, "md" if suffix == ".md" else "txt")
    )
