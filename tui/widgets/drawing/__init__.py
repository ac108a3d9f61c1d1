"""Drawing with characters: bars, sentences, colours, text from outside. No state, no figures of its own."""
