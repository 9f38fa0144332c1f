"""Runs lines through fail2ban's own filters and tells what it finds in each.

Reads one JSON object from standard input: {"library", "config", "now", "zone", "streams": [{"filter", "options",
"source", "lines"}]}. Writes a JSON list: for each stream a list of what was found in each line, in the notation of the
corpora, or null where the filter took longer than a process is given for it.
"""

import json
import logging
import os
import resource
import sys
import time

request = json.load(sys.stdin)
os.environ["TZ"] = request["zone"]
time.tzset()
sys.path.insert(0, request["library"])
sys.dont_write_bytecode = True
logging.disable(logging.CRITICAL)

from fail2ban.client.filterreader import FilterReader  # noqa: E402
from fail2ban.server.filter import FileFilter  # noqa: E402
from fail2ban.server.mytime import MyTime  # noqa: E402

from original import apply, settings_of  # noqa: E402

SECONDS = 20

MyTime.setTime(request["now"])


def made(name, options):
    """A filter as its file and these options say; names stay names."""
    reader = FilterReader(name, "jail", options, basedir=request["config"])
    reader.read()
    reader.getOptions(None)
    fltr = FileFilter(None)
    fltr.returnRawHost = True
    fltr.checkFindTime = False
    fltr.active = True
    for option, value in settings_of(reader.convert()):
        apply(fltr, option, value)
    return fltr


def told(value):
    """Sets and tuples as lists."""
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


def found(fltr, source, line):
    if source == "journal":
        entry = ("", MyTime.time2str(request["now"]), line)
        failures = fltr.processLine(entry, request["now"])
    else:
        failures = fltr.processLine(line)
    result = []
    for index, identity, date, failure in failures:
        # In production what waits for somebody to be named is not reported.
        if failure.get("mlfpending"):
            continue
        kept = [name for name, value in failure.items() if name not in ("matches", "ip") and value is not None]
        one = {
            "re": index,
            "id": str(identity),
            "epoch": date,
            "data": {name: told(failure[name]) for name in kept},
            "matches": len(failure.get("matches") or []),
        }
        if failure.get("ip") is not None:
            one["ip"] = str(failure["ip"])
        result.append(one)
    return result


def run(stream):
    fltr = made(stream["filter"], stream["options"])
    return [found(fltr, stream["source"], line) for line in stream["lines"]]


def run_apart(stream):
    """In a process of its own: an expression that goes astray cannot be stopped otherwise."""
    inlet, outlet = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        with os.fdopen(outlet, "w") as pipe:
            json.dump(run(stream), pipe)
        os._exit(0)
    os.close(outlet)
    with os.fdopen(inlet) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    if status != 0:
        raise RuntimeError(f"the filter {stream['filter']} could not be run")
    return json.loads(text)


json.dump([run_apart(stream) for stream in request["streams"]], sys.stdout)
