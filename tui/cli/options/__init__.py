"""Options and arguments that several commands share: what they mean together and what completes them."""
