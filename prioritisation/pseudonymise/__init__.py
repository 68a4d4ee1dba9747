"""The partner's offline tool: raw extract in, keyed and banded rows out. Standard library only, Python 3.9 syntax."""

from prioritisation.pseudonymise.keying import Keyed, Order, pseudonymise
from prioritisation.pseudonymise.keys import key_check, key_of, new_key, person_key, read_key
from prioritisation.pseudonymise.postcodes import read_postcodes
from prioritisation.pseudonymise.present import Present, present_keys
from prioritisation.pseudonymise.rules import Refusal, Rules
from prioritisation.pseudonymise.tool import file_name, main, write
from prioritisation.pseudonymise.words import OwnWords, read_words

__all__ = [
    "Keyed",
    "Order",
    "OwnWords",
    "Present",
    "Refusal",
    "Rules",
    "file_name",
    "key_check",
    "key_of",
    "main",
    "new_key",
    "person_key",
    "present_keys",
    "pseudonymise",
    "read_key",
    "read_postcodes",
    "read_words",
    "write",
]
