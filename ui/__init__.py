"""The screens of the counter, over `assistant`; the one place that knows a terminal."""

import os

# Read by Textual when it is first imported. The extended keyboard protocol garbles what a Chinese input method commits;
# animations only cost bytes on a slow line; a key waits for the next frame twice.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_FPS", "120")
