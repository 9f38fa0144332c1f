"""Writes log lines and looks into the kernel's sets, on one clock: reads orders as lines of JSON, answers each with one.

  {"do": "file",    "path": P, "text": T, "wait": [[FAMILY, TABLE, SET, IP]], "limit": S}  -> {"ms": 1.8}
  {"do": "journal", "texts": [T], "wait": [...], "limit": S}                               -> {"ms": 390.1, "journal_ms": 388.0}
  {"do": "has",     "wait": [...]}                                                         -> {"missing": 0}

"wait" names elements; the time ends when the last one is there, and is null when the limit passes before. Asking the
kernel for one element takes some ten microseconds and starts no process, so the probe hardly disturbs what it measures.
"""
import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
import time

NETFILTER, NFTABLES, GET_ELEMENT, ERROR = 12, 10, 13, 2
REQUEST, NESTED = 1, 0x8000
FAMILIES = {"ip": 2, "ip6": 10, "inet": 1}
PAUSE = 0.0002
JOURNAL = "/run/systemd/journal/socket"


def attribute(kind, value):
    size = len(value) + 4
    return struct.pack("=HH", size, kind) + value + bytes(-size % 4)


class Kernel:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER)
        self.socket.bind((0, 0))
        self.number = 0

    def has(self, family, table, name, ip):
        self.number += 1
        key = attribute(1 | NESTED, attribute(1, ipaddress.ip_address(ip).packed))
        body = attribute(1, table.encode() + b"\0") + attribute(2, name.encode() + b"\0")
        body += attribute(3 | NESTED, attribute(1 | NESTED, key))
        size = 20 + len(body)
        kind = NFTABLES << 8 | GET_ELEMENT
        head = struct.pack("=IHHII", size, kind, REQUEST, self.number, 0)
        self.socket.send(head + struct.pack("=BBH", FAMILIES[family], 0, 0) + body)
        return struct.unpack_from("=H", self.socket.recv(65536), 4)[0] != ERROR


class Journal:
    """What journald itself takes until another reader has the entry."""

    def __init__(self):
        # journald notes the name of the sender's program.
        with open("/proc/self/comm", "w") as comm:
            comm.write("sshd")
        self.out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.reader = subprocess.Popen(["journalctl", "-f", "-n", "0", "-o", "cat"], stdout=subprocess.PIPE)
        os.set_blocking(self.reader.stdout.fileno(), False)
        self.text = b""

    def send(self, text):
        fields = f"MESSAGE={text}\nPRIORITY=6\nSYSLOG_IDENTIFIER=sshd\nSYSLOG_FACILITY=4\nSYSLOG_PID={os.getpid()}\n"
        self.out.sendto(fields.encode(), JOURNAL)

    def shows(self, text):
        self.text += self.reader.stdout.read() or b""
        return text.encode() in self.text


kernel = Kernel()
journal = None


def answer(order):
    global journal
    what = order["do"]
    if what == "has":
        return {"missing": sum(not kernel.has(*each) for each in order["wait"])}
    if what == "file":
        text = order["text"].encode()
        with open(order["path"], "ab", buffering=0) as log:
            since = time.monotonic()
            log.write(text)
        return {"ms": until(order, since)}
    if what == "journal":
        journal = journal or Journal()
        for text in order["texts"]:
            since = time.monotonic()
            journal.send(text)
        return both(order, since)
    raise ValueError(what)


def until(order, since):
    left = list(order["wait"])
    while time.monotonic() < since + order["limit"]:
        while left and kernel.has(*left[-1]):
            left.pop()
        if not left:
            return (time.monotonic() - since) * 1000
        time.sleep(PAUSE)
    return None


def both(order, since):
    found = shown = None
    while (found is None or shown is None) and time.monotonic() < since + order["limit"]:
        if shown is None and journal.shows(order["texts"][-1]):
            shown = (time.monotonic() - since) * 1000
        if found is None and all(kernel.has(*each) for each in order["wait"]):
            found = (time.monotonic() - since) * 1000
        time.sleep(PAUSE)
    return {"ms": found, "journal_ms": shown}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
