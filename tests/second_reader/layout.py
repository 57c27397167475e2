"""Bodies and values of records, decoded by the tables of docs/formats/record.md and docs/formats/registry.md."""
import pathlib
import re
import struct

FORMATS = pathlib.Path(__file__).resolve().parents[2] / "docs/formats"
INTS = {"u8": ">B", "u16": ">H", "u32": ">I", "u64": ">Q", "i16": ">h", "i32": ">i", "i64": ">q"}
REFUSED = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# What every kind has after its fields, and may have as extras: record.md, "Bodies" and "Private items".
EVERY_KIND = [["facts", "facts", ""], ["seen", "list 16 seen", ""],
              ["documents", "extra list 256 hash", "documents"], ["note", "extra text 1024", "note"],
              ["behalf", "extra behalf", "behalf"], ["late", "extra text 256", "late"]]


class Fails(Exception):
    """The step that fails, and whether the record may be sound all the same."""

    def __init__(self, step, cannot_judge=False):
        super().__init__(step)
        self.step, self.cannot_judge = step, cannot_judge


def check(holds, step, cannot_judge=False):
    if not holds:
        raise Fails(step, cannot_judge)


def tables(page):
    """Returns the first table under each heading, as header and rows, by the names in the heading."""
    found, names = {}, []
    for line in (FORMATS / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            names, rows = re.findall(r"`(\w+)`", line) or [line.strip("# ")], None
        elif line.startswith("|---") and rows is None:
            rows = []
            found.update((name, (header, rows)) for name in names if name not in found)
        elif line.startswith("|"):
            header = [cell.strip(" `") for cell in line.strip("|").split("|")]
            if rows is not None:
                rows.append(header)
        else:
            rows = None
    return found


RECORD, REGISTRY = tables("record.md"), tables("registry.md")
STRUCTS = {name: rows for name, (header, rows) in RECORD.items() if header == ["field", "layout", "item"]}
VALUES = {row[0]: row[1:3] for row in RECORD["Values"][1]}
WORDS = {name: {int(row[0], 0): row for row in rows} for name, (_, rows) in REGISTRY.items()}
UNIONS = {name for name, (header, _) in REGISTRY.items() if header[2] == "followed by"}
KINDS = {code: row[1] for code, row in WORDS["kind"].items()}


class Decoder:
    """Decodes one part, the body or a value, and gathers which items it calls for (`slots`) and allows (`extras`).

    A value withheld is None, a list withheld its count, unless `shown` has it by the name of its item.
    """

    def __init__(self, data, step, shown):
        self.data, self.at, self.step, self.shown = data, 0, step, shown
        self.slots, self.extras = set(), set()

    def take(self, length):
        check(length <= len(self.data) - self.at, self.step)
        self.at += length
        return self.data[self.at - length:self.at]

    def number(self, layout):
        return struct.unpack(INTS[layout], self.take(int(layout[1:]) // 8))[0]

    def flag(self):
        byte = self.number("u8")
        check(byte < 2, self.step)
        return byte == 1

    def item(self, path, layout, otherwise):
        return Decoder(self.shown[path], "slots", {}).whole(layout) if path in self.shown else otherwise

    def whole(self, layout):
        value = self.read(layout, "")
        check(self.at == len(self.data), self.step)
        return value

    def read(self, layout, path):
        """Returns the value in this layout; `path` is where it stands in the names of items."""
        word, _, rest = layout.partition(" ")
        if word in INTS:
            return self.number(word)
        if word in ("hash", "bytes64"):
            return self.take(32 if word == "hash" else 64)
        if word == "flag":
            return self.flag()
        if word == "opt":
            return self.read(rest, path) if self.flag() else None
        if word == "text":
            return self.text(int(rest))
        if word == "maybe":
            if not self.flag():
                return self.read(rest, path)
            self.slots.add(path)
            return self.item(path, rest, None)
        if word in ("list", "maybe_list"):
            bound, _, entry = rest.partition(" ")
            count = self.number("u64")
            check(count <= int(bound), self.step)
            if word == "maybe_list" and self.flag():
                self.slots.add(path)
                found = self.item(path, "list " + rest, count)
                check(found == count or len(found) == count, "slots")
                return found
            check(count <= len(self.data) - self.at, self.step)
            return [self.read(entry, f"{path}/{index}") for index in range(count)]
        if word == "replacement":
            code = self.number("u16")
            kind = KINDS.get(code)
            check(kind is not None, self.step, True)
            check(not code & 0x4000, self.step)
            check(kind in STRUCTS, self.step, True)
            return kind, self.fields(STRUCTS[kind], path, kind)
        if word in STRUCTS:
            return self.fields(STRUCTS[word], path, word)
        if word in VALUES:
            return self.value(word, *VALUES[word])
        code = self.number("u8" if word in UNIONS else "u16")
        check(code in WORDS[word], self.step, True)
        name, follows = WORDS[word][code][1:3]
        if word not in UNIONS:
            return name
        return name, self.read(follows, path) if follows else None

    def text(self, bound):
        length = self.number("u64")
        check(0 < length <= bound, self.step)
        try:
            text = self.take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise Fails(self.step) from None
        check(not REFUSED.search(text), self.step)
        return text

    def value(self, name, layout, rule):
        value = self.read(layout, "")
        if rule.startswith("strictly"):
            order = [entry["code"] if name == "facts" else entry for entry in value]
            check(all(a < b for a, b in zip(order, order[1:])), self.step)
            check(value or "at least one" not in rule, self.step)
        elif ".." in rule:
            least, most = rule.split("..")
            check(int(least) <= value <= int(most), self.step)
        elif rule:
            check(re.fullmatch(rule, value), self.step)
        return value

    def fields(self, rows, path, name):
        values = {}
        for field, layout, part in rows:
            inner = f"{path}/{part}".strip("/") if part else path
            if layout.startswith("extra "):
                self.extras.add(inner)
                values[field] = self.item(inner, layout[6:], None)
            else:
                values[field] = self.read(layout, inner)
        if name == "period":
            check(values["first"] <= values["last"], self.step)
        if name == "place" and values["subdivision"]:
            check(values["subdivision"].startswith(values["country"]), self.step)
        return values


def body(kind, data, start, names, shown):
    """Steps `decode` and `slots`: the fields of a body from `start` on, with the values shown in their places."""
    check(start <= len(data), "decode")
    rows = STRUCTS[kind] + EVERY_KIND
    blind, seeing = Decoder(data, "decode", {}), Decoder(data, "decode", shown)
    blind.at = seeing.at = start
    event = blind.fields(rows, "", kind)
    check(blind.at == len(data), "decode")
    check(blind.slots <= names <= blind.slots | blind.extras, "slots")
    return seeing.fields(rows, "", kind) if shown else event


CREATE = ("extract", "collect", "opening_stock", "intake", "repack", "draw", "assemble", "disassemble")


def sound(kind, event):
    """Step `sound`, by the numbers of record.md, "What must hold within one body"."""
    def count(field):
        entries = event.get(field)
        return entries if isinstance(entries, int) else len(entries or [])

    def holds(what):
        check(what, "sound")

    if kind == "correct":
        sound(event["replacement"][0], {**event["replacement"][1], "facts": [], "seen": []})
    inputs, outputs = count("inputs"), count("outputs")
    lots = event.get("outputs", [])
    for stretch in [] if isinstance(event.get("inputs"), int) else event.get("inputs", []):
        holds(stretch["mass"] > 0 and stretch["from"] + stretch["mass"] < 2**64)
    for quantity in [lot["quantity"] for lot in lots if lot["quantity"]]:
        holds(quantity["mass"] > 0 and all(package["gross"] >= package["net"] for package in quantity["packages"]))
    holds(event.get("steps") != [] and (outputs or kind not in CREATE))
    holds(inputs or kind not in ("transform", "repack", "dispose", "charge", "assemble", "disassemble"))
    holds(count("lots") or kind not in ("assign", "request_return", "declare_border"))
    holds(count("tags") or kind not in ("issue_tags", "apply_tags"))
    holds(count("titled") or kind != "transfer_title")
    listed = event.get("parts") or event.get("recovered") or event.get("titled") or []
    for part in [] if isinstance(listed, int) else listed:
        holds(part.get("mass", 1) > 0 and part.get("input", 0) < max(inputs, 1) and part.get("output", 0) < max(outputs, 1))
    holds(kind != "repack" or event["mixing"] != "sequential")
    holds(kind not in ("dispatch", "receive", "refuse", "release") or inputs == outputs > 0)
    if kind == "attest":
        elements, touches = [one["element"] for one in event["elements"]], event["touches"]
        order, pairs = [touch["element"] for touch in touches], [one["mass"] for one in event["elements"] if one["mass"]] + touches
        holds(event["as_of"] <= event["valid_until"] and event["custody"] != "not_applicable" and event["records"]["count"])
        holds(elements and elements == sorted(set(elements)) and order == sorted(order) and set(order) <= set(elements))
        holds(all(pair["least"] <= pair["most"] for pair in pairs) and all(touch["most"] for touch in touches))
        open_stages = [need["stages"] for one in event["elements"] for need in one["unplaced"]]
        holds(all(stages and stages == sorted(set(stages)) for stages in open_stages))
    else:
        holds(all(touch["output"] < outputs for touch in event.get("touches", [])))
    if kind == "witness":
        sizes = [checkpoint["size"] for checkpoint in event["seen"]]
        holds(sizes and len(sizes) == len(event["from"]) and all(old <= size for old, size in zip(event["from"], sizes)))
    if kind == "declare_facility":
        opened, closed = event["opened"], event["closed"]
        holds(event["stages"] and (opened is None or closed is None or opened <= closed))
    if kind in ("withdraw_accreditation", "suspend_certificate", "end_host") and event["until"] is not None:
        holds(kind == "suspend_certificate" and event["until"] >= event["from"])
    stages = [stage["stage"] if kind == "declare_facility" else stage for stage in event.get("stages", [])]
    for names in (event.get("roles", []), stages, event.get("materials", [])):
        holds(len(names) == len(set(names)))
    for fact in event["facts"] + [fact for lot in lots for fact in lot["facts"]]:
        holds(fact["value"][0] == "number" or fact["unit"] == "none")
    holds(all(checkpoint["size"] > 0 for checkpoint in event["seen"]))
