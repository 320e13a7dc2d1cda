"""Is a library any good? Numbers of its pairs, and what they mean."""
