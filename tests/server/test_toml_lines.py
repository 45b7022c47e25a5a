"""The line of a value is right however a file is written."""

import tomllib

from server.toml_lines import TomlLines

TEXT = '''
# [[products]]
version = 1 # one

[venue] # who
name = """
[[products]]
kind = 3
"""
"odd name" = 'x'
footer.de = [
  "a", # ]
  "b",
]

[[products]]
title = { de = "[x]", en = "b" }
[products.price]
amount = 1
[[products]]
title = {}
[[products.parts]]
name = 1
[[products.parts]]
name = 2

[offline]
limits = [{ a = 1 }, { a = 2 }]
'''


def test_every_place_has_the_line_of_its_statement() -> None:
    assert tomllib.loads(TEXT)
    lines = TomlLines(TEXT)
    expected = {
        ("version",): 3,
        ("venue",): 5,
        ("venue", "name"): 6,
        ("venue", "odd name"): 10,
        ("venue", "footer", "de"): 11,
        ("venue", "footer", "de", 1): 11,
        ("products", 0): 16,
        ("products", 0, "title", "en"): 17,
        ("products", 0, "price"): 18,
        ("products", 0, "price", "amount"): 19,
        ("products", 1): 20,
        ("products", 1, "title"): 21,
        ("products", 1, "parts", 1, "name"): 25,
        ("offline", "limits", 1, "a"): 28,
    }
    assert {place: lines.line(place) for place in expected} == expected


def test_what_is_not_there_has_the_line_of_what_should_hold_it() -> None:
    lines = TomlLines(TEXT)
    assert lines.line(("products", 1, "price", "amount")) == 20
    assert lines.line(("categories",)) == 1
