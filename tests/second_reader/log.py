"""Second reader of logs, written from docs/formats/log.md alone.

Reads every vector of tests/vectors/log and says whether it comes to the same as what is written there.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

from ed25519 import is_key, verifies

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "log"
MAX = 2**63 - 1
NOT_NOTES = ("lodemark-sign-1", "lodemark-join-1", "cosignature/v1\n")


class Fails(Exception):
    """Where reading stopped."""


def need(holds, step):
    if not holds:
        raise Fails(step)


def sha256(data):
    return hashlib.sha256(data).digest()


def number(text, step):
    need(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII) and int(text) <= MAX, step)
    return int(text)


def unbase64(text, step):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeEncodeError):
        raise Fails(step) from None
    need(base64.b64encode(data).decode() == text, step)
    return data


def hash_line(text, step):
    data = unbase64(text, step)
    need(len(data) == 32, step)
    return data


# The tree


def node(left, right):
    return sha256(b"\x01" + left + right)


def split_at(size):
    """The greatest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    at = split_at(len(leaves))
    return node(root_of(leaves[:at]), root_of(leaves[at:]))


def follow(index, size, leaf, path):
    """The root that a path of inclusion gives, by the definition from the root down; None for another length."""
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    at = split_at(size)
    left = index < at
    below = follow(index if left else index - at, at if left else size - at, leaf, path[:-1])
    if below is None:
        return None
    return node(below, path[-1]) if left else node(path[-1], below)


def prefix(first, size, path):
    """The roots of the first leaves and of all, from a prefix path; None for another length."""
    if first == size:
        # All of it, or the right part of it: one node, then what stands left of it.
        if size & (size - 1) == 0:
            return (path[0], path[0]) if len(path) == 1 else None
    if not path or size == 1:
        return None
    at = split_at(size)
    if first <= at:
        below = prefix(first, at, path[:-1])
        return below and (below[0], node(below[1], path[-1]))
    below = prefix(first - at, size - at, path[:-1])
    return below and (node(path[-1], below[0]), node(path[-1], below[1]))


def consistent(first, second, first_root, second_root, path):
    if first > second:
        return False
    if first == 0:
        return not path and first_root == sha256(b"")
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path = [first_root] + path if path else []
    return prefix(first, second, path) == (first_root, second_root)


# Notes


def key_id(name, use, key):
    return sha256(name.encode() + b"\n" + bytes([use]) + key)[:4]


def verifier_key(text):
    name, said, data = text.split("+", 2)
    data = unbase64(data, "key")
    need(data[0] in (1, 4) and is_key(data[1:]) and key_id(name, data[0], data[1:]).hex() == said, "key")
    return name, data[0], data[1:]


def parse_note(text, step):
    need(len(text.encode()) <= 524288 and not re.search("[\x00-\x09\x0b-\x1f]", text), step)
    at = text.rfind("\n\n")
    need(at >= 0 and text.endswith("\n"), step)
    body, below = text[: at + 1], text[at + 2 :]
    lines = below.split("\n")[:-1]
    need(1 <= len(lines) <= 64, step)
    signatures = []
    for line in lines:
        need(line.startswith("\u2014 ") and line.count(" ") == 2, step)
        _, name, data = line.split(" ")
        need(name and "+" not in name and not re.search(r"\s", name) and len(name.encode()) <= 256, step)
        data = unbase64(data, step)
        need(len(data) > 4, step)
        signatures.append((name, data[:4], data[4:]))
    return body, signatures


def signers(note, keys):
    """Known keys that signed, with the latest time of each."""
    body, signatures = note
    found = {}
    for name, said, data in signatures:
        known = [key for key in keys if key[0] == name and key_id(*key) == said]
        if not known:
            continue
        need(len(known) == 1, "signature")
        use, key = known[0][1:]
        if use == 1:
            need(len(data) == 64 and not body.startswith(NOT_NOTES), "signature")
            need(verifies(key, body.encode(), data), "signature")
            time = None
        else:
            need(len(data) == 72, "signature")
            time = int.from_bytes(data[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{body}".encode()
            need(time <= MAX and verifies(key, message, data[8:]), "signature")
            time = max(time, found.get(known[0]) or 0)
        found[known[0]] = time
    return found


def parse_checkpoint(body):
    lines = body.split("\n")[:-1]
    need(len(lines) >= 3 and all(lines), "checkpoint")
    size, root = number(lines[1], "checkpoint"), hash_line(lines[2], "checkpoint")
    need(size or root == sha256(b""), "checkpoint")
    return lines[0], size, root, lines[3:]


def believed(note, vector):
    """The checkpoint of a note that the reader of a vector believes, and the witnesses that saw it."""
    origin, size, root, more = parse_checkpoint(note[0])
    logs = [key for key in map(verifier_key, vector["logs"]) if key[0] == origin]
    own = [key[2] for key in logs]
    witnesses = [key for key in map(verifier_key, vector.get("witnesses", [])) if key[2] not in own]
    found = signers(note, logs + witnesses)
    need(any(key[1] == 1 for key in found), "log")
    seen = [(key[0], time) for key, time in found.items() if key[1] == 4]
    need(len(seen) >= vector.get("quorum", 0), "quorum")
    return origin, size, root, more, seen


def party_log(origin, more, step="checkpoint"):
    match = re.fullmatch("lodemark/1/([0-9a-f]{64})/(0|[1-9][0-9]{0,4})", origin, re.ASCII)
    need(match and int(match[2]) < 65536 and not more, step)
    return bytes.fromhex(match[1]), int(match[2])


# Texts around notes


def parse_proof(text):
    top, _, note = text.partition("\n\n")
    lines = top.split("\n")
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1" and lines, "form")
    if lines[0].startswith("extra "):
        need(1 <= len(unbase64(lines.pop(0)[6:], "form")) <= 65536 and lines, "form")
    need(lines[0].startswith("index "), "form")
    index = number(lines.pop(0)[6:], "form")
    need(len(lines) <= 63, "form")
    return index, [hash_line(line, "form") for line in lines], parse_note(note, "form")


def leads(index, size, leaf, path, root):
    return index < size and follow(index, size, leaf, path) == root


def check_checkpoint(vector):
    note = parse_note(vector["note"], "note")
    origin, size, root, more, seen = believed(note, vector)
    expect = vector.get("expect")
    if expect:
        party, epoch = party_log(origin, more)
        made = {"party": party.hex(), "epoch": epoch, "size": size, "root": root.hex(), "time": expect["time"],
                "seen_by": [name for name, time in seen if time == expect["time"]]}
        need(made == expect, f"the values expected: {made}")


def check_inclusion(vector):
    index, path, note = parse_proof(vector["proof"])
    origin, size, root, _, _ = believed(note, vector)
    need(origin == vector["origin"], "other_log")
    need(leads(index, size, sha256(b"\x00" + bytes.fromhex(vector["record"])), path, root), "path")


def check_request(vector):
    top, _, note = vector["request"].partition("\n\n")
    lines = top.split("\n")
    need(lines[0].startswith("old ") and len(lines) <= 64, "form")
    old = number(lines[0][4:], "form")
    path = [hash_line(line, "form") for line in lines[1:]]
    origin, size, root, _, _ = believed(parse_note(note, "form"), vector)
    last = (origin, 0, sha256(b""))
    if vector["last"]:
        last = parse_checkpoint(vector["last"])[:3]
    need(last[0] == origin, "other_log")
    need(last[1] != size or last[2] == root, "fork")
    need(last[1] <= size, "smaller")
    need(last[1] == old, "other_size")
    need(consistent(old, size, last[2], root, path), "consistency")


def tile_path(index):
    parts = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03}")
    return "/".join(parts)


def check_tiles(vector):
    origin, size, root, more, _ = believed(parse_note(vector["note"], "note"), vector)
    files = {path: bytes.fromhex(data) for path, data in vector["files"].items()}

    def held(level, index, width):
        """The file of this width, or the full one, with the width that it has."""
        path = f"tile/{level}/{tile_path(index)}"
        if width < 256 and f"{path}.p/{width}" in files:
            return files[f"{path}.p/{width}"], width
        need(path in files, "missing")
        return files[path], 256

    entries = []
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        data, count = held("entries", index, width)
        bundle = []
        for _ in range(count):
            need(len(data) >= 2, "bundle")
            length = int.from_bytes(data[:2], "big")
            need(len(data) >= 2 + length, "bundle")
            bundle.append(data[2 : 2 + length])
            data = data[2 + length :]
        need(not data, "bundle")
        entries += bundle[:width]
    need(all(len(entry) == 32 for entry in entries), "entry")
    leaves = hashes = [sha256(b"\x00" + entry) for entry in entries]
    level = 0
    while hashes:
        for index in range((len(hashes) + 255) // 256):
            part = hashes[256 * index : 256 * index + 256]
            data, count = held(level, index, len(part))
            need(len(data) == 32 * count and data.startswith(b"".join(part)), "tile")
        full = len(hashes) // 256
        hashes = [root_of(hashes[256 * index : 256 * index + 256]) for index in range(full)]
        level += 1
    need(root_of(leaves) == root, "root")


def check_fork(vector):
    text = vector["fork"]
    head, _, rest = text.partition("\n\n")
    lines = head.split("\n")
    need(len(lines) >= 4 and lines[0] == "lodemark/log-fork@1" and lines[1] in ("roots", "leaves", "prefix"), "form")
    kind = lines[1]

    def field(line, name):
        need(re.fullmatch(f"{name} [0-9a-f]{{64}}", line, re.ASCII), "form")
        return bytes.fromhex(line[len(name) + 1 :])

    key, recovery = field(lines[2], "key"), field(lines[3], "recovery")
    below = [field(line, {"leaves": "leaf", "prefix": "node"}.get(kind, "none")) for line in lines[4:]]
    need(kind != "leaves" or len(below) == 2, "form")
    need(len(below) <= 64, "form")
    parts = rest.split("\n\n")
    inside = 3 if kind == "leaves" else 2
    need(len(parts) > inside, "form")
    texts = ["\n\n".join(parts[:inside]) + "\n", "\n\n".join(parts[inside:])]
    proofs = [parse_proof(one) if kind == "leaves" else (0, [], parse_note(one, "form")) for one in texts]
    need(is_key(key), "key")
    party = sha256(b"lodemark/party/1" + b"\x00\x01" + key + recovery)
    found = []
    for index, path, note in proofs:
        origin, size, root, more = parse_checkpoint(note[0])
        whose, epoch = party_log(origin, more)
        need(whose == party, "party")
        need(signers(note, [(origin, 1, key)]), "signature")
        found.append((epoch, size, root, index, path))
    (one_epoch, one_size, one_root, one_index, one_path), (epoch, size, root, index, path) = found
    need(one_epoch == epoch, "two_logs")
    if kind == "roots":
        need(one_size == size and one_root != root, "statement")
    elif kind == "leaves":
        need(one_index == index and below[0] != below[1], "statement")
        need(leads(one_index, one_size, below[0], one_path, one_root), "statement")
        need(leads(index, size, below[1], path, root), "statement")
    else:
        made = prefix(one_size, size, below) if 0 < one_size <= size else None
        need(made and made[1] == root and made[0] != one_root, "statement")
    need(party.hex() == vector["party"], "the party expected")


CHECKS = {"checkpoint": check_checkpoint, "inclusion": check_inclusion, "request": check_request,
          "tiles": check_tiles, "fork": check_fork}


def main():
    agree, differ = 0, []
    for path in sorted(VECTORS.glob("*/*.json")):
        vector = json.loads(path.read_text(encoding="utf-8"))
        try:
            CHECKS[vector["kind"]](vector)
            step = None
        except Fails as fails:
            step = str(fails)
        if step == vector.get("fails_at") and (step is not None) == (path.parent.name == "damaged"):
            agree += 1
        else:
            differ.append(f"{path.name}: {step}, where `{vector.get('fails_at')}` is written")
    print("\n".join(differ + [f"{agree} vectors agree"]))
    sys.exit(1 if differ or not agree else 0)


main()
