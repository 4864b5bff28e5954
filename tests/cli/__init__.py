"""The command line from its front door: words and lines in, text, files and an exit status out."""
