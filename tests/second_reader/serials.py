"""Second reader of serial numbers, written from docs/formats/serials.md alone.

Reads every vector of tests/vectors/serials and says whether it comes to the same as what is written there.
"""

import hashlib
import json
import pathlib
import sys
import unicodedata

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "serials"
TAG = b"lodemark/sernr/1"


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_data(salt, serial):
    raw = serial.encode("utf-8")
    return TAG + salt + len(raw).to_bytes(2, "big") + raw


def root_of(leaves):
    """RFC 6962 section 2.1, by its definition."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:]))


def path_holds(index, size, leaf, path, root):
    """Follows the definition of an audit path of RFC 6962 section 2.1.1 from the root down."""
    if index >= size:
        return False

    def rebuilt(index, size, path):
        if size == 1:
            return leaf if not path else None
        if not path:
            return None
        split = 1
        while split * 2 < size:
            split *= 2
        if index < split:
            below = rebuilt(index, split, path[:-1])
            return below and sha256(b"\x01" + below + path[-1])
        below = rebuilt(index - split, size - split, path[:-1])
        return below and sha256(b"\x01" + path[-1] + below)

    return rebuilt(index, size, path) == root


def is_serial(text):
    controls = any(
        ord(c) < 32 or 127 <= ord(c) < 160 or unicodedata.bidirectional(c) in
        ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for c in text
    )
    return 0 < len(text.encode("utf-8")) <= 64 and not controls


def has_fault(proof):
    root, size = bytes.fromhex(proof["root"]), proof["size"]
    names = [one["serial"] for one in proof["serials"]]
    places = [one["index"] for one in proof["serials"]]
    if not names or len(set(names)) < len(names) or len(set(places)) < len(places):
        return True
    for one in proof["serials"]:
        if not is_serial(one["serial"]):
            return True
        leaf = sha256(b"\x00" + leaf_data(bytes.fromhex(one["salt"]), one["serial"]))
        if not path_holds(one["index"], size, leaf, [bytes.fromhex(step) for step in one["path"]], root):
            return True
    return False


def main():
    agree = 0
    for path in sorted(VECTORS.glob("good/*.json")):
        vector = json.loads(path.read_text(encoding="utf-8"))
        data = [leaf_data(bytes.fromhex(one["salt"]), one["serial"]) for one in vector["serials"]]
        leaves = [sha256(b"\x00" + one) for one in data]
        same = (
            [one.hex() for one in data] == vector["leaf_data"]
            and [one.hex() for one in leaves] == vector["leaf_hashes"]
            and root_of(sorted(leaves)).hex() == vector["root"] == vector["proof"]["root"]
            and vector["proof"]["size"] == len(leaves)
            and not has_fault(vector["proof"])
        )
        if not same:
            sys.exit(f"{path.name}: another result")
        agree += 1
    for path in sorted(VECTORS.glob("damaged/*.json")):
        vector = json.loads(path.read_text(encoding="utf-8"))
        proof = vector["proof"]
        if has_fault(proof):
            fails = "fault"
        elif proof["root"] != vector["named_by_record"]:
            fails = "root"
        elif proof["lot"] != vector["lot"]:
            fails = "lot"
        else:
            fails = "nothing"
        if fails != vector["fails"]:
            sys.exit(f"{path.name}: fails at {fails}, not at {vector['fails']}")
        agree += 1
    print(f"{agree} vectors agree")


main()
