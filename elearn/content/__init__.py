"""Course text: from Markdown and TOML files to structure, translation units, HTML and marks."""
