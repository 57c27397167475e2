"""A second reader of capsules, written from docs/formats/ alone: Python 3, standard library only.

Reads capsules from the files named on standard input, one path a line, and writes one line of JSON for each: whether
its layout holds, and of each chain which records open, which are refused at which step, whether its log part holds, and
whether its control list is whole.
"""
import base64
import functools
import hashlib
import json
import pathlib
import re
import sys

import ed25519
from layout import KINDS, Fails, check
from record import CONTROL, ZERO, key_of_first, read_header, read_record

MIB = 1 << 20
# Steps after the signature: the header is its author's word, whatever they come to.
CONTENTS = ("items", "kind", "decode", "slots", "sound")
ed25519.verifies = functools.lru_cache(None)(ed25519.verifies)
ed25519.is_key = functools.lru_cache(None)(ed25519.is_key)


class Reader:
    """Bytes that are taken from the front."""

    def __init__(self, data):
        self.data, self.at, self.entries_left = data, 0, MIB

    def take(self, count):
        check(count <= len(self.data) - self.at, "layout")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, width, least=0, most=None):
        number = int.from_bytes(self.take(width), "big")
        check(least <= number and (most is None or number <= most), "layout")
        return number

    def many(self, least, most, size, each, key=None):
        """A list: its count, then its entries, strictly ascending by `key` where there is one."""
        count = self.number(4, least, most)
        check(count * size <= len(self.data) - self.at, "layout")
        found = [each() for _ in range(count)]
        if key:
            keys = [key(one) for one in found]
            check(all(a < b for a, b in zip(keys, keys[1:])), "layout")
        return found

    def name(self, most, shape):
        text = self.take(self.number(2, 1, most))
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise Fails("layout") from None
        check(re.fullmatch(shape, text), "layout")
        return text

    def witness(self):
        """The name of a key: no blank, no control character, no plus sign."""
        text = self.name(256, r"(?s).+")
        check(not any(c == "+" or c.isspace() or re.match(r"[\0-\x1f\x7f-\x9f]", c) for c in text), "layout")
        return text

    def capsule(self):
        check(len(self.data) <= 256 * MIB and self.take(16) == b"lodemark/capsule", "layout")
        check(self.number(2) == 1 and len(self.data) >= 50, "layout")
        content, checksum = self.data[:-32], self.data[-32:]
        check(hashlib.sha256(content).digest() == checksum, "layout")
        self.data = content
        found = {"audience": self.number(1, 1, 5)}
        found["lots"] = self.many(1, 256, 36, lambda: self.take(36), bytes)
        found["cuts"] = self.many(0, 256, 36, lambda: self.take(36), bytes)
        found["chains"] = self.many(1, 65536, 39, self.chain, lambda one: (one["party"], one["epoch"]))
        found["packs"] = self.many(0, 256, 36, self.pack, lambda one: (one[0], one[2]))
        room = [64 * MIB]
        found["documents"] = self.many(0, 256, 40, lambda: self.document(room), bytes)
        whole = [one for chain in found["chains"] for one in chain["entries"] if one["whole"]]
        said = [one["stored"][272:] for one in whole] + [item[2] for one in whole for item in one["shown"]]
        check(all(any(one in part for part in said) for one in found["documents"]), "layout")
        check(self.at == len(self.data), "layout")
        return found

    def chain(self):
        chain = {"party": self.take(32), "epoch": self.number(2)}
        chain["log"] = self.log() if self.number(1, 0, 1) else None
        chain["entries"] = self.many(1, self.entries_left, 273, lambda: self.entry(chain), lambda one: one["seq"])
        self.entries_left -= len(chain["entries"])
        return chain

    def log(self):
        log = {"size": self.number(8, 1, 1 << 48), "root": self.take(32), "key": self.take(32), "signature": self.take(64)}
        each = lambda: (self.witness(), self.take(4), self.take(72))
        self.many(0, 63, 79, each, lambda one: (one[0].encode(), one[1]))
        log["nodes"] = self.many(0, 1 << 22, 32, lambda: self.take(32))
        return log

    def entry(self, chain):
        shown = []
        if whole := self.number(1, 0, 1):
            stored, room = self.take(self.number(4, 272, 4595984)), [4 * MIB]
            shown = self.many(0, 4096, 24, lambda: self.item(room), lambda one: one[0])
        else:
            stored = self.take(272)
        check((stored[24:56], stored[22:24]) == (chain["party"], chain["epoch"].to_bytes(2, "big")), "layout")
        return {"whole": bool(whole), "stored": stored, "shown": shown, "seq": int.from_bytes(stored[56:64], "big"),
                "id": hashlib.sha256(stored[:208]).digest()}

    def item(self, room):
        index, salt, length = self.number(4), self.take(16), self.number(4, 0, room[0])
        room[0] -= length
        return index, salt, self.take(length)

    def pack(self):
        return self.name(64, "[a-z0-9-]+"), self.name(32, "[0-9A-Za-z._-]+"), self.take(32)

    def document(self, room):
        stated, length = self.take(32), self.number(8, 0, room[0])
        room[0] -= length
        check(hashlib.sha256(self.take(length)).digest() == stated, "layout")
        return stated


def root(size, leaves, nodes):
    """The root that leaves, by index, and nodes make up; None where they make up none."""
    nodes, first = list(nodes), sorted(leaves)

    def part(start, end):
        count = end - start
        shown = any(start <= index < end for index in first)
        if not shown and count & (count - 1) == 0:
            return nodes.pop(0)
        if count == 1:
            return leaves[start]
        half = 1 << (count - 1).bit_length() - 1
        left = part(start, start + half)
        return hashlib.sha256(b"\x01" + left + part(start + half, end)).digest()

    try:
        found = part(0, size)
    except IndexError:
        return None
    return None if nodes or first[-1] >= size else found


def log_holds(chain, key):
    """Whether the checkpoint is the party's own, and the entries stand in it."""
    log = chain["log"]
    origin = f"lodemark/1/{chain['party'].hex()}/{chain['epoch']}"
    text = f"{origin}\n{log['size']}\n{base64.b64encode(log['root']).decode()}\n"
    leaves = {one["seq"]: hashlib.sha256(b"\0" + one["id"]).digest() for one in chain["entries"]}
    return (key is not None and log["key"] == key[0] and key[1] != 1
            and ed25519.verifies(key[0], text.encode(), log["signature"])
            and root(log["size"], leaves, log["nodes"]) == log["root"])


def first_key(stored):
    """The key and purpose that an `establish` record brings, whatever its signature; None for what brings none."""
    try:
        header = read_header(stored)
        if KINDS.get(header["kind"]) != "establish":
            return None
        read_record(stored, [], None)
    except Fails as fails:
        if fails.step not in ("signature", *CONTENTS):
            return None
    body = stored[272:272 + header["body_len"]]
    return key_of_first(header, body), body[16]


def open_entry(entry, key):
    """Returns the header of an entry whose signature holds, and, of a whole one, whose contents open."""
    header = read_header(entry["stored"])
    is_first = KINDS.get(header["kind"]) == "establish"
    if not entry["whole"]:
        check(key is not None and header["key"] == 0, "key")
        check(ed25519.verifies(key[0], b"lodemark-sign-1" + header["id"], entry["stored"][208:272]), "signature")
        return header
    usable = key is not None and header["key"] == 0
    try:
        return read_record(entry["stored"], entry["shown"], key[0] if usable else bytes(32))[0]
    except Fails as fails:
        known = fails.step in ("lengths", "tag", "ranges", "body_hash", "directory", "key_entry")
        raise (fails if known or usable or is_first else Fails("key")) from None


def step(entry, fails):
    """The step at which an entry is refused; of what a newer version may know, that it is so."""
    ancillary = entry["stored"][18] & 0x80
    return fails.step if not fails.cannot_judge else "skipped" if ancillary else "cannot_judge"


def control_is_whole(log, headers, opened):
    """Whether every control record up to the checkpoint is there whole."""
    by_id = {header["id"]: header for header in headers.values()}
    last = headers.get(log["size"] - 1)
    if last is None:
        return False
    below, at = last["seq"] + 1, last["id"] if last["kind"] & CONTROL else last["control"]
    beside = {one["id"] for one in by_id.values() if one["kind"] & CONTROL and one["seq"] < log["size"]}
    while at != ZERO:
        header = by_id.get(at)
        if header is None or at not in opened or header["seq"] >= below or not header["kind"] & CONTROL:
            return False
        below, at = header["seq"], header["control"]
        beside.discard(header["id"])
    return below == 0 and not beside


def judge(data):
    try:
        capsule = Reader(data).capsule()
    except Fails:
        return {"layout": False}
    keys = {}
    for chain in capsule["chains"]:
        for entry in chain["entries"]:
            if entry["whole"] and (found := first_key(entry["stored"])):
                keys[chain["party"]] = found
    chains = []
    for chain in capsule["chains"]:
        key, headers, opened, refused = keys.get(chain["party"]), {}, set(), []
        for entry in chain["entries"]:
            try:
                headers[entry["seq"]] = open_entry(entry, key)
                if entry["whole"]:
                    opened.add(entry["id"])
            except Fails as fails:
                refused.append([entry["seq"], step(entry, fails)])
                if fails.step in CONTENTS:
                    headers[entry["seq"]] = read_header(entry["stored"])
        holds = chain["log"] is not None and log_holds(chain, key)
        log = "none" if chain["log"] is None else "holds" if holds else "refused"
        whole = holds and control_is_whole(chain["log"], headers, opened)
        chains.append({"party": chain["party"].hex(), "epoch": chain["epoch"], "log": log, "control": whole,
                       "opened": sorted(one.hex() for one in opened), "refused": refused})
    return {"layout": True, "lots": [one.hex() for one in capsule["lots"]], "chains": chains,
            "documents": [one.hex() for one in capsule["documents"]]}


def main():
    for line in sys.stdin:
        print(json.dumps(judge(pathlib.Path(line.rstrip("\n")).read_bytes()), sort_keys=True), flush=True)


if __name__ == "__main__":
    sys.exit(main())
