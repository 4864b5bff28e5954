"""A page as the terminal shows it before it is written."""

from __future__ import annotations

from assistant.export.typesetting.blocks import Align, Callout, Heading, Item, Listing, PageBreak, Paragraph, Rule, Run
from assistant.export.typesetting.blocks import Table as Grid
from ui.screens.export.paper import lay_out


def test_whatever_stands_on_a_page_fits_the_width_and_nothing_of_it_is_lost() -> None:
    words = (Run("账户："), Run("6222 0202 0011 2233", strong=True), Run("，金额 CNY 150,000.00\n第二行\u202e"))
    cell = (Run("很长的一格内容，要分成几行才放得下 and some Latin words"),)
    blocks = (
        Heading(1, (Run("标题"),)),
        Paragraph(words),
        Listing((Item((Paragraph(words),), ticked=True), Item((Paragraph(words),), ticked=False), Item(()))),
        Listing((Item((Paragraph(words), Listing((Item((Paragraph(words),)),)))),), start=9),
        Grid(((Run("甲"),), (Run("乙"),)), ((cell, cell), (cell, ())), (Align.LEFT, Align.RIGHT)),
        Grid((), ((cell,) * 9,), (Align.CENTER,) * 9),
        Callout((Paragraph(words), Rule())),
        PageBreak(),
    )
    for width in (20, 40, 78, 118):
        lines = list(lay_out(blocks, width))
        assert max(line.cell_length for line in lines) <= width, width
        shown = "".join(line.plain for line in lines).replace(" ", "").replace("|", "").replace("-", "")
        assert shown.count("6222020200112233") == 6
        assert shown.count("⟨U+202E⟩") == 6
        assert shown.count("words") == 12
        assert "[x]" in shown
        assert "9." in shown


def test_what_is_strong_stays_so_across_the_ends_of_lines() -> None:
    words = (Run("前面的话，"), Run("这几个字要紧，换行之后也要紧", strong=True), Run("，后面的话"))
    lines = list(lay_out((Paragraph(words),), 12))
    strong = "".join(
        line.plain[span.start : span.end] for line in lines for span in line.spans if "bold" in str(span.style)
    )
    assert strong == "这几个字要紧，换行之后也要紧"
