"""What an attached file is, judged by its content, and what it may be called: pure; begin with `content.py`."""
