"""The lint of words: what it finds, and that it reads the glossary that people read."""

import words

GLOSSARY = """
## Other

| `not` | a | `word` |

## Glossary

| word | meaning | replaces |
|---|---|---|
| action, retry | what to do next | `resign`, `take in` |
| cached | stored | |
| anyone who | | `whoever` |

## After
"""


def test_the_third_column_of_the_glossary_alone():
    assert words.replaced_words(GLOSSARY) == {
        "resign": "action, retry",
        "take in": "action, retry",
        "whoever": "anyone who",
    }


def test_whole_words_in_either_case():
    replaced = words.replaced_words(GLOSSARY)
    text = "Resign.\nresigned, a-resign, x.resign\nwe take in responses, intake in\n"
    assert words.found(text, replaced) == [(1, "resign"), (3, "take in")]


def test_the_glossary_of_the_project_is_short_and_has_such_words():
    glossary = words.GLOSSARY.read_text("utf-8")
    section = glossary.partition("\n## Glossary\n")[2].partition("\n## ")[0]
    terms = words.ROW.findall(section)[1:]
    assert len(terms) <= 30
    assert len(words.replaced_words(glossary)) >= 30
