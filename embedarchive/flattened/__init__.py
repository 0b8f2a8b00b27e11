"""How a tweet lies in flattened text: attributions, dates, layout, and where its text starts. Pure."""
