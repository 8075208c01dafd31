"""What is vague in a profile, how to mend it, and which profiles are nearly the same. Pure: begin with `checking.py`."""
