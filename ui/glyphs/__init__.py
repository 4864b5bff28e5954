"""The glyphs of the large print: a part of GNU Unifont, under its own licence (OFL.txt)."""
