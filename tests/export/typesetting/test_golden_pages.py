"""A sample of everything that the dialect has, byte for byte, in both languages and every form.

`GOLDEN=write pytest tests/export/typesetting` writes the pages in `golden/` anew; read them, and look at the PDF.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from assistant.export.typesetting.typesetting import Form, find_template, typeset
from rules.language import Language
from tests.export.typesetting.pages import SAMPLES, TEMPLATES, mark, read_pdf

GOLDEN: Final = Path(__file__).with_name("golden")
WATERMARKS: Final = {Language.ZH: "机密", Language.EN: "Confidential"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", Form)
def test_a_page_is_the_one_that_was_looked_at(language: Language, form: Form) -> None:
    template = find_template("sample", language, TEMPLATES)
    marks = mark(language, watermark=WATERMARKS[language])
    content = typeset(template, SAMPLES[language], form, marks).content
    if form is Form.PDF:
        # The bytes by their digest, and beside it what is to be read on the pages.
        text = "\n\f\n".join(page.replace("\r\n", "\n") for page in read_pdf(content))
        content = f"{sha256(content).hexdigest()}\n\n{text}\n".encode()
    kept = GOLDEN / f"sample.{language}.{form}{'.txt' if form is Form.PDF else ''}"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        kept.write_bytes(content)
    assert content == kept.read_bytes()
