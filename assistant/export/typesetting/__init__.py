"""From a template and the facts that fill it to a page: HTML, Markdown, or PDF. Nothing here knows of cases."""
