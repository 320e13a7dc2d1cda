"""Run CWL workflows on AWS by Tibanna."""
