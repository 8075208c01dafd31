"""An invented registry in English and Chinese for demo, guide and tests: nothing and nobody in it exists."""
