"""What the workflow asks for and makes: settings, sample table, checks, summary, layout."""
