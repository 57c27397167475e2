"""A second judge of proofs, written from docs/formats/proof.md alone: Python 3, standard library only."""
import hashlib
import struct

import ed25519
from layout import KINDS, Fails, check
from record import CONTROL, read_header, read_record, tagged

PROOF_KINDS = {1: "fork", 2: "double_use", 3: "control_lie", 4: "contradictory_corrections"}
LEAVES_USES = {"establish", "dispute", "resolve", "withdraw_accreditation", "suspend_certificate", "cede_facility",
               "end_host"}


class Part:
    """A record as a proof shows it."""

    def __init__(self, data, item):
        self.data, self.item, self.event = data, item, None

    def check(self, key, party):
        """Step 3."""
        try:
            self.header = read_header(self.data)
        except Fails as fails:
            raise Fails("header", fails.cannot_judge) from None
        self.id, self.seq = self.header["id"], self.header["seq"]
        self.is_control = bool(self.header["kind"] & CONTROL)
        self.kind = KINDS.get(self.header["kind"])
        check(self.header["party"] == party, "party")
        check(self.header["key"] == 0, "party", True)
        check(ed25519.verifies(key, b"lodemark-sign-1" + self.id, self.data[208:272]), "signature")
        if len(self.data) == 272:
            return
        try:
            shown = [self.item] if self.item else []
            header, entries, _ = read_record(self.data, shown, key)
            check(all(entries[index][0] == b"in" for index, _, _ in shown), "contents")
        except Fails as fails:
            raise Fails("contents", fails.cannot_judge) from None
        self.event = header["event"]

    def whole(self):
        check(self.event is not None, "parts")
        return self.event

    def uses(self):
        """The stretches used, as (lot, from, end)."""
        event = self.whole()
        check("inputs" in event, "statement")
        check(not isinstance(event["inputs"], int), "parts")
        return [((one["lot"]["record"], one["lot"]["index"]), one["from"], one["from"] + one["mass"])
                for one in event["inputs"]]


def read_file(data):
    """Step 1: returns kind, key, recovery commitment and parts."""
    at = 0

    def take(length):
        nonlocal at
        check(at + length <= len(data), "file")
        at += length
        return data[at - length:at]

    def number(length):
        return int.from_bytes(take(length), "big")

    check(take(16) == b"lodemark/proof\r\n", "file")
    check(number(2) == 1, "file", True)
    kind = PROOF_KINDS.get(number(2))
    check(kind, "file", True)
    check(number(2) == 1, "file", True)
    key, recovery, count = take(32), take(32), number(2)
    check(1 <= count <= 4098, "file")
    parts = []
    for _ in range(count):
        length = number(4)
        check(272 <= length <= 4595984, "file")
        part, item = take(length), None
        if length > 272:
            mark = number(1)
            check(mark in (0, 1), "file")
            if mark:
                index, salt, length = number(4), take(16), number(4)
                check(length <= 4 << 20, "file")
                item = (index, salt, take(length))
        parts.append(Part(part, item))
    end = at
    check(take(32) == hashlib.sha256(data[:end]).digest() and at == len(data), "file")
    return kind, key, recovery, parts


def walk(start, floor, walked):
    before = start
    for number, one in enumerate(walked, 1):
        check(start.seq > floor and before.header["control"] == one.id and one.is_control, "walk")
        check(one.seq < before.seq and (one.seq <= floor) == (number == len(walked)), "walk")
        before = one
    check(walked or start.seq == floor, "walk")


def common(stretches):
    """The first stretch that two sides have in common; `stretches` are (lot, from, end, side, sides to look at)."""
    reach = {}
    for lot, begin, end, side, others in sorted(stretches):
        far = min(end, max(reach.get((lot, other), 0) for other in others))
        if begin < far:
            return lot, begin, far - begin
        reach[lot, side] = max(end, reach.get((lot, side), 0))
    return None


def fork(parts):
    check(len(parts) == 2 and not any(part.event for part in parts), "parts")
    check(parts[0].seq == parts[1].seq and parts[0].id != parts[1].id, "statement")
    return parts, {}


def double_use(parts):
    earlier, later, walked = parts[0], parts[1:2], parts[2:]
    if not later:
        twice = common([(*one, 0, (0,)) for one in earlier.uses()])
        check(twice, "statement")
        return parts, {"twice": twice}
    later = later[0]
    check(earlier.id != later.id, "statement")
    check(earlier.seq <= later.seq, "parts")
    uses = [(*one, 0, (1,)) for one in earlier.uses()] + [(*one, 1, (0,)) for one in later.uses()]
    twice = common(uses)
    check(twice, "statement")
    walk(later, earlier.seq, walked)
    for one in walked:
        if one.seq > earlier.seq and one.kind in ("withdraw", "correct"):
            check(one.whole()["target"] != earlier.id, "statement")
        elif one.seq > earlier.seq:
            check(one.kind in LEAVES_USES, "walk", True)
    return [earlier, later], {"twice": twice, "walked": len(walked)}


def control_lie(parts):
    check(len(parts) in (2, 3) and not any(part.event for part in parts), "parts")
    liar, named = parts[:2]
    control = liar.header["control"]
    if len(parts) == 2 and liar.header["prev"] == named.id:
        right = named.id if named.is_control else named.header["control"]
        check(named.seq + 1 == liar.seq and control != right, "statement")
        return parts, {}
    check(control == named.id, "statement")
    if len(parts) == 2:
        check(not named.is_control or named.seq >= liar.seq, "statement")
    else:
        check(parts[2].is_control and named.seq < parts[2].seq < liar.seq, "statement")
    return parts, {}


def contradictory_corrections(parts):
    check(len(parts) >= 2, "parts")
    earlier, later, *walked = parts
    check(earlier.id != later.id, "statement")
    check(earlier.seq <= later.seq and not any(part.event for part in walked), "parts")
    for part in (earlier, later):
        part.whole()
        check(part.kind == "correct", "statement")
    target = earlier.event["target"]
    check(later.event["target"] == target, "statement")
    walk(later, earlier.seq, walked)
    check(all(one.id != earlier.id for one in walked), "statement")
    return [earlier, later], {"target": target, "walked": len(walked)}


def judge(vector):
    """Returns what this judge finds, in the form of the vector's `expect`."""
    try:
        kind, key, recovery, parts = read_file(bytes.fromhex(vector["proof"]))
        check(ed25519.is_key(key), "key")
        party = tagged("lodemark/party/1", struct.pack(">H", 1), key, recovery)
        for part in parts:
            part.check(key, party)
        check(len({part.header["epoch"] for part in parts}) == 1, "epoch")
        records, more = globals()[kind](parts)
    except Fails as fails:
        return {"holds": False, "fails_at": fails.step, "cannot_judge": fails.cannot_judge}
    twice, target = more.get("twice"), more.get("target")
    if twice:
        (record, index), begin, mass = twice
        twice = {"lot": f"{record.hex()}:{index}", "from_mg": begin, "mass_mg": mass}
    return {"holds": True, "kind": kind, "party": party.hex(), "epoch": parts[0].header["epoch"],
            "records": [part.id.hex() for part in records], "walked": more.get("walked", 0), "twice": twice,
            "target": target and target.hex()}
