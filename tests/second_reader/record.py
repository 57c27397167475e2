"""A second reader of records, written from docs/formats/ alone: Python 3, standard library only.

Reads every vector in tests/vectors, recomputes what a good one states, names the step at which a damaged one
fails, and exits with 1 where it disagrees. `python3 tests/second_reader/record.py`
"""
import base64
import hashlib
import json
import pathlib
import re
import struct
import sys
import zlib

sys.dont_write_bytecode = True
import ed25519  # noqa: E402
import layout  # noqa: E402
from layout import KINDS, STRUCTS, Fails, check  # noqa: E402

VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"
ZERO, CONTROL, MIB_4 = bytes(32), 0x4000, 4 << 20
WHOLE = (b"in", b"add", b"loss", b"part", b"covers", b"tags", b"title", b"credit")


def tagged(tag, *parts):
    return hashlib.sha256(tag.encode().ljust(16, b"\0") + b"".join(parts)).digest()


def read_header(stored):
    """Steps 1 to 3: lengths, tag, ranges."""
    check(len(stored) >= 272, "lengths")
    check(stored[:16] == b"lodemark/draft-1", "tag")
    names = "alg kind key epoch party seq prev signed_at body_len item_count body_hash items_hash control"
    header = dict(zip(names.split(), struct.unpack(">4H32sQ32sQ2I32s32s32s", stored[16:208])))
    header["bytes"], header["id"] = stored[:208], hashlib.sha256(stored[:208]).digest()
    check(946684800000 <= header["signed_at"] < 7258118400000 and header["alg"] != 0, "ranges")
    check(header["alg"] == 1, "ranges", True)
    check(header["kind"] & 0xC000 != 0xC000, "ranges")
    check((KINDS.get(header["kind"]) == "establish") == (header["seq"] == 0), "ranges")
    check(header["body_len"] <= MIB_4 and header["item_count"] <= 4096, "ranges")
    check((header["items_hash"] == ZERO) == (header["item_count"] == 0), "ranges")
    check((header["prev"] == ZERO) == (header["control"] == ZERO) == (header["seq"] == 0), "ranges")
    return header


def read_directory(header, data):
    """The second half of step 4: entries by their lengths end at the last byte."""
    entries = []
    for _ in range(header["item_count"]):
        check(len(data) >= 2, "lengths")
        end = 2 + int.from_bytes(data[:2], "big")
        check(len(data) >= end + 32, "lengths")
        entries.append((data[2:end], data[end:end + 32]))
        data = data[end + 32:]
    check(not data, "lengths")
    return entries


def key_of_first(header, body):
    """Step 7: the key that an `establish` record brings."""
    check((header["epoch"], header["key"]) == (0, 0) and len(body) >= 149, "key_entry")
    purpose, alg, length, key, proof = struct.unpack(">B2H32s64s", body[16:117])
    check(purpose in (1, 3) and (alg, length) == (1, 32), "key_entry")
    check(tagged("lodemark/party/1", body[17:19], key, body[117:149]) == header["party"], "key_entry")
    check(ed25519.is_key(key), "key_entry")
    h = header["bytes"]
    digest = tagged("lodemark/join/1", h[24:56], h[22:24], h[56:96], h[20:22], body[16:19], key)
    check(ed25519.verifies(key, b"lodemark-join-1" + digest, proof), "key_entry")
    return key


def open_items(header, entries, shown):
    """Step 9: values shown open their commitments; returns them by name."""
    check(all(a[0] < b[0] for a, b in zip(shown, shown[1:])), "items")
    check(all(index < len(entries) for index, _, _ in shown), "items")
    check(sum(len(value) for _, _, value in shown) <= MIB_4, "items")
    opened = {}
    for index, salt, value in shown:
        name, commitment = entries[index]
        check(len(value) <= (MIB_4 if name.removeprefix(b"with/") in WHOLE else 1 << 16), "items")
        length = struct.pack(">H", len(name))
        found = tagged("lodemark/item/1", salt, header["bytes"][22:64], length, name, value)
        check(found == commitment, "items")
        opened[name.decode()] = value
    return opened


def read_record(stored, shown, key):
    """Steps 1 to 13 of record.md, "Verification"; returns header, directory and signing key."""
    header = read_header(stored)
    check(len(stored) >= 272 + header["body_len"], "lengths")
    body, directory = stored[272:272 + header["body_len"]], stored[272 + header["body_len"]:]
    entries = read_directory(header, directory)
    check(tagged("lodemark/body/1", body) == header["body_hash"], "body_hash")
    check(all(re.fullmatch(rb"[a-z0-9_./]{1,64}", name) for name, _ in entries), "directory")
    check(all(a[0] < b[0] for a, b in zip(entries, entries[1:])), "directory")
    hashed = tagged("lodemark/items/1", struct.pack(">I", len(entries)), directory) if entries else ZERO
    check(hashed == header["items_hash"], "directory")
    kind = KINDS.get(header["kind"])
    start = 16
    if kind == "establish":
        key, start = key_of_first(header, body), 117
    check(ed25519.verifies(key, b"lodemark-sign-1" + header["id"], stored[208:272]), "signature")
    opened = open_items(header, entries, shown)
    check(kind in STRUCTS, "kind", True)
    names = {name.decode() for name, _ in entries}
    header["event"] = layout.body(kind, body, start, names, opened)
    layout.sound(kind, header["event"])
    return header, entries, key


def check_chain(header, before):
    """Step 14, against the headers from seq 0 on; returns prev and control as they make them."""
    prev, control = ZERO, ZERO
    for seq, earlier in enumerate(before + [header]):
        same = (earlier["party"], earlier["epoch"], earlier["seq"]) == (header["party"], header["epoch"], seq)
        check(same and (earlier["prev"], earlier["control"]) == (prev, control), "chain")
        last = (prev, control)
        prev, control = earlier["id"], earlier["id"] if earlier["kind"] & CONTROL else control
    return last


def unpack(value):
    """Bytes of a vector: hex, or a list of parts."""
    if isinstance(value, str):
        return bytes.fromhex(value)
    parts = []
    for part in value:
        if "zlib" in part:
            parts.append(zlib.decompress(base64.b64decode(part["zlib"])))
        elif "repeat" in part:
            unit, at = bytes.fromhex(part["repeat"]), part.get("counter_at")
            for number in range(part["count"]):
                counter = b"" if at is None else struct.pack(">Q", number)
                parts.append(unit if at is None else unit[:at] + counter + unit[at + 8:])
        else:
            parts.append(bytes.fromhex(part))
    return b"".join(parts)


def judge(vector):
    """Returns what this reader finds, in the form of the vector's `expect`."""
    shown = [(item["index"], bytes.fromhex(item["salt"]), unpack(item["value"])) for item in vector["items"]]
    key = vector["key"] and bytes.fromhex(vector["key"])
    try:
        header, entries, key = read_record(unpack(vector["record"]), shown, key)
        before = [read_record(unpack(stored), [], key)[0] for stored in vector["prev_records"]]
        prev, control = header["prev"], header["control"]
        if before or header["seq"] == 0:
            prev, control = check_chain(header, before)
    except Fails as fails:
        return {"opens": False, "fails_at": fails.step, "cannot_judge": fails.cannot_judge}
    items = [{"key": name.decode(), "commitment": commitment.hex()} for name, commitment in entries]
    hashes = {"body_hash": header["body_hash"], "items_hash": header["items_hash"], "record_id": header["id"],
              "party": header["party"], "prev": prev, "control": control}
    kept = None if vector["expect"].get("items", ()) is None else items
    return {"opens": True, "kind": KINDS[header["kind"]], "items": kept,
            **{name: value.hex() for name, value in hashes.items()}}


def judge_signature(vector):
    key, message, signature = (bytes.fromhex(vector[name]) for name in ("key", "message", "signature"))
    if not ed25519.is_key(key):
        return "key refused"
    return "accepted" if ed25519.verifies(key, message, signature) else "signature refused"


def main():
    import proof  # it reads records as this file does
    paths = [path for kind in ("record/*", "signature", "proof/*") for path in sorted(VECTORS.glob(f"{kind}/*.json"))]
    agreed = 0
    for path in paths:
        vector = json.loads(path.read_text(encoding="utf-8"))
        judges = {"signature": judge_signature, "proof": proof.judge, "record": judge}
        found = judges[path.relative_to(VECTORS).parts[0]](vector)
        if found == vector["expect"]:
            agreed += 1
        else:
            print(f"{path.relative_to(VECTORS)}: expected {vector['expect']}, found {found}")
    print(f"{agreed} of {len(paths)} vectors agree")
    return 0 if agreed == len(paths) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
