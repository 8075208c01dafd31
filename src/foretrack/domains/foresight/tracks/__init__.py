"""Which track of a policy a text or concept belongs to, or none: lexicon, meaning, neighbours, one calibrated answer."""
