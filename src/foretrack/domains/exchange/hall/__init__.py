"""The release hall: sessions released at their moment, questions, guests of an embargo, counts; owns tables. Begin with
`following.py`, then `releasing.py`."""
