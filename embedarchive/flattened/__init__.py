"""How a tweet lies in flattened text: attributions, dates, layout, where its text starts. Pure."""
