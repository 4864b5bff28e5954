"""The screens of the counter, over `assistant`; the one place that knows a terminal."""

import os
import sys

# Read by Textual when it is first imported. The extended keyboard protocol garbles what a Chinese input method commits;
# animations only cost bytes on a slow line; a key waits for the next frame twice.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_FPS", "120")

# asyncio takes OpenSSL along where it finds it: 15 ms and 3 MiB before the first line, and the screens open no
# connection. It does without; whoever imports `ssl` later gets it.
if "asyncio" not in sys.modules and "ssl" not in sys.modules:
    sys.modules["ssl"] = None  # type: ignore[assignment]
    import asyncio  # noqa: F401

    del sys.modules["ssl"]
