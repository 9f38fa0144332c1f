"""Runs logs through fail2ban's own classes on the logs' own clock and tells whom it bans.

Reads one JSON object from standard input: {"library", "config", "jobs": [{"jail", "lines": [[seconds, text]]}]}.
Writes a JSON list, for each job {"bans": [[seconds, ip, failures]]} or {"error"}.
"""

import json
import logging
import os
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()
request = json.load(sys.stdin)
sys.path.insert(0, request["library"])
sys.dont_write_bytecode = True
logging.disable(logging.CRITICAL)

from fail2ban.client.jailreader import JailReader  # noqa: E402
from fail2ban.server.banmanager import BanManager  # noqa: E402
from fail2ban.server.jail import Jail  # noqa: E402
from fail2ban.server.mytime import MyTime  # noqa: E402
from fail2ban.server.ticket import BanTicket  # noqa: E402

from original import apply, settings_of  # noqa: E402


def made(name):
    """A jail with its settings, not started, and its ban time."""
    reader = JailReader(name, basedir=request["config"], force_enable=True)
    reader.read()
    reader.getOptions()
    jail = Jail(name, backend="polling")
    jail.filter.ignoreSelf = False
    jail.filter.active = True
    bantime = 600
    commands = list(reader.convert(allow_no_files=True))
    for command in commands:
        if command[0] == "config-error":
            raise ValueError(command[1])
    for option, value in settings_of(commands):
        if option == "bantime":
            bantime = MyTime.str2seconds(value)
        apply(jail.filter, option, value)
    return jail, bantime


def run(job):
    """The bans of one job."""
    jail, bantime = made(job["jail"])
    manager = BanManager()
    bans = []
    for at, line in job["lines"]:
        MyTime.setTime(at)
        manager.unBanList(at)
        # The cleaner comes by with lines of any kind, on a busy server every few seconds.
        jail.filter.failManager.cleanup(at - 1)
        jail.filter.processLineAndAdd(line)
        ticket = jail.getFailTicket()
        while ticket:
            banned = BanTicket.wrap(ticket)
            banned.setTime(at)
            banned.setBanTime(bantime)
            if manager.addBanTicket(banned):
                bans.append([at, str(banned.getIP()), ticket.getRetry()])
            ticket = jail.getFailTicket()
    return {"bans": bans}


def outcome(job):
    try:
        return run(job)
    except Exception as error:  # told, so that it fails the test by its name
        return {"error": "%s: %s" % (type(error).__name__, error)}


json.dump([outcome(job) for job in request["jobs"]], sys.stdout)
