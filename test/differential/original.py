"""What both programs here need of fail2ban's own classes: names lead nowhere, caches follow its clock, filters are set up."""

import time

import fail2ban.server.utils
from fail2ban.server.ipdns import DNSUtils
from fail2ban.server.mytime import MyTime


class OwnClock:
    """The clock of caches, which else is that of the machine: stories grow old by the time that fail2ban is told."""

    sleep = staticmethod(time.sleep)
    time = staticmethod(MyTime.time)


fail2ban.server.utils.time = OwnClock
# What is compared is what the lines say.
DNSUtils.dnsToIp = staticmethod(lambda name: [])

SETTINGS = {
    "prefregex": lambda fltr, value: setattr(fltr, "prefRegex", value),
    "addfailregex": lambda fltr, value: fltr.addFailRegex(value),
    "addignoreregex": lambda fltr, value: fltr.addIgnoreRegex(value),
    "maxlines": lambda fltr, value: fltr.setMaxLines(value),
    "datepattern": lambda fltr, value: fltr.setDatePattern(value),
    "usedns": lambda fltr, value: fltr.setUseDns(value),
    "maxretry": lambda fltr, value: fltr.setMaxRetry(value),
    "findtime": lambda fltr, value: fltr.setFindTime(value),
    "maxmatches": lambda fltr, value: setattr(fltr.failManager, "maxMatches", value),
}


def settings_of(commands):
    """The options and values that commands of the configuration set, one by one."""
    for command in commands:
        if command[0] not in ("set", "multi-set") or len(command) < 4:
            continue
        for value in command[3] if command[0] == "multi-set" else [command[3]]:
            yield command[2], value


def apply(fltr, option, value):
    """Applies an option to a filter, where it is one of a filter."""
    if option in SETTINGS:
        SETTINGS[option](fltr, value)
