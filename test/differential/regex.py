"""Searches texts with Python's expressions.

Reads a JSON list of [expression, [text, ...]] from standard input. Writes for each expression null where Python refuses
it, else for each text null or [start, end, {group: value}] of the first match.
"""

import json
import re
import sys
import warnings

warnings.simplefilter("ignore")


def found(expression, text):
    match = expression.search(text)
    if match is None:
        return None
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    return [match.start(), match.end(), groups]


def searched(source, texts):
    try:
        expression = re.compile(source)
    except (re.error, OverflowError, RecursionError):
        return None
    return [found(expression, text) for text in texts]


json.dump([searched(source, texts) for source, texts in json.load(sys.stdin)], sys.stdout)
