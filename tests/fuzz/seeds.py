"""Writes a first corpus for each target from the committed vectors and packs: seeds.py DIRECTORY."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TO = pathlib.Path(sys.argv[1])
count = 0


def put(target, data):
    global count
    (TO / target).mkdir(parents=True, exist_ok=True)
    (TO / target / f"seed-{count:04}").write_bytes(data)
    count += 1


def vectors(kind):
    for path in sorted(ROOT.glob(f"tests/vectors/{kind}/*/*.json")):
        yield json.loads(path.read_text())


def hexed(value):
    return bytes.fromhex(value) if isinstance(value, str) else None


def body(record, items):
    """Kind, private items and body of a record, as the target `body` takes them."""
    length, entries = int.from_bytes(record[104:108], "big"), int.from_bytes(record[108:112], "big")
    at, keys = 272 + length, []
    for _ in range(entries):
        if at >= len(record):
            break
        size = int.from_bytes(record[at:at + 2], "big")
        keys.append(record[at + 2:at + 2 + size])
        at += 2 + size + 32
    shown = [(keys[one["index"]], hexed(one["value"])) for one in items if one["index"] < len(keys)][:23]
    shown = [one for one in shown if one[1] is not None and len(one[1]) < 65536]
    parts = [bytes([len(key)]) + key + len(value).to_bytes(2, "big") + value for key, value in shown]
    return record[18:20] + bytes([len(parts)]) + b"".join(parts) + record[272:272 + length]


for vector in vectors("capsule"):
    put("capsule", bytes.fromhex(vector["capsule"])[:-32])
for vector in vectors("record"):
    record = hexed(vector["record"])
    if record and 272 <= len(record) < 16000:
        put("record", record)
        put("body", body(record, vector["items"]))
        frame = len(record).to_bytes(4, "big") + record + bytes(4)
        put("export", b"lodemark/export\n" + (1).to_bytes(2, "big") + frame + bytes(4) + (1).to_bytes(8, "big"))
for vector in vectors("proof"):
    put("proof", bytes.fromhex(vector["proof"])[:-32])
for vector in vectors("log"):
    for name in ("note", "proof", "request"):
        if isinstance(vector.get(name), str):
            put("log", vector[name].encode())
    if isinstance(vector.get("fork"), str):
        put("log", vector["fork"].encode())
    for data in vector.get("files", {}).values():
        put("log", b"\7" + bytes.fromhex(data))
for path in sorted((ROOT / "src/rules/packs").glob("*.toml")):
    put("text", path.read_bytes())
print(f"{count} seeds below {TO}")
