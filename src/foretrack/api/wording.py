"""What pydantic's rules say, in sentences of the house."""

from __future__ import annotations

from foretrack.web.speech import Words

RULES = Words(
    {
        "missing": "it is missing",
        "extra_forbidden": "there is no such field",
        "string_type": "text is expected",
        "string_too_long": "at most {max_length} characters are expected",
        "string_too_short": "at least {min_length} characters are expected",
        "string_pattern_mismatch": "it is written in another way than {pattern}",
        "int_type": "a whole number is expected",
        "int_parsing": "a whole number is expected",
        "int_from_float": "a whole number is expected",
        "float_type": "a number is expected",
        "float_parsing": "a number is expected",
        "finite_number": "a number is expected",
        "bool_type": "true or false is expected",
        "bool_parsing": "true or false is expected",
        "list_type": "a list is expected",
        "dict_type": "an object is expected",
        "model_attributes_type": "an object is expected",
        "model_type": "an object is expected",
        "greater_than_equal": "{ge} or more is expected",
        "less_than_equal": "{le} or less is expected",
        "too_long": "at most {max_length} entries are expected",
        "too_short": "at least {min_length} entries are expected",
        "literal_error": "one of {expected} is expected",
        "date_from_datetime_parsing": "a day such as 2026-03-01 is expected",
        "date_parsing": "a day such as 2026-03-01 is expected",
        "date_type": "a day such as 2026-03-01 is expected",
    }
)
