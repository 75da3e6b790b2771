# SPDX-License-Identifier: ISC
"""Invented packages of an invented platform, by a map of its own."""
import os
import re
from urllib.parse import unquote

from .cx import NAME, beside, encoded, folder, mentioned, mentions, tail
from .model import Kind, Platform, Ref as R, View, holder

MAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "otter.map")
DEN = r"(?:den|palace)\.json"
MINTED = re.compile(r"(dn|rm|dr|rh|zk|lk|ik)-\d+x*")


def K(name, at, ident, **more):
    return Kind(name, more.pop("file", DEN), at, ident, **more)


def shelf(at):
    return K("shelf", at, "^ no", category="dens/rooms", part="replace-all",
             child=True, refs=(R("for", "room"),))


kinds = [
    K("setting", "/home", "'home'", category="dens", full="replace",
      part="replace", refs=(R(".", "room"),)),
    K("setting", "/start", "'start'", category="dens", full="replace",
      part="replace", refs=(R(".", "zone"),)),
    K("den", "/_id", "'den'", alias=".", category="dens", full="keep",
      part="keep"),
    K("room", "/rooms/-", "uid", alias="_id", category="dens/rooms", refs=(
        R("doors/-", "door", "alias"), R("leads/-", "room"),
        R("next/uid", "room",
          when=lambda c: c.value.get("next", {}).get("how") == "walk"),
        R("say", "room", word=mentioned("ROOM"), built=("sky.*",)),
        R("seat", "zone", word=mentions),
        R("watch/*", "door", "alias", key=True),
        R("parts/-/then", "parts/-/no", "local", built=("end",)))),
    shelf("/rooms/-/shelves/-"),
    shelf("/cellar/shelves/-"),
    K("book", "/rooms/-/shelves/-/books/*", "^ $1", category="dens/rooms",
      child=True, refs=(R("about", "room"),)),
    K("pet", "/rooms/-/pets/-", "^ name", category="dens/rooms", full="keep",
      part="keep", child=True),
    K("door", "/doors/-", "uid", alias="_id", names="tags/*key",
      category="dens/rooms", refs=(
          R("of", "room", "alias", owner=True), R("to", "room"))),
    K("rhyme", "/rhymes/-", "door lang text", key=True,
      category="dens/rhymes", part="union",
      refs=(R("door", "door", "alias", owner=True),)),
    K("rule", "/rules/-", "uid", category="dens/rules", part="union",
      refs=(R("uid", "door", owner=True),)),
    K("concept", "/words/*/list/*", "$2", category="dens/words", child=True,
      part="replace-all", when=lambda c: c.stars[1][:1] == "~"),
    K("word", "/words/*/list/*", "$2", category="dens/words", child=True,
      part="replace-all"),
    K("tongue", "/words/*", "$1", category="dens/words"),
    K("perch", "/perches/-", "uid", category="perches", part="add",
      full="channel"),
    K("nest", "/nests/-", "uid", category="nests", part="if-none",
      full="if-none"),
    K("molt", "/molts/-", "uid", category="molts", part="clear",
      full="clear"),
    K("friend", "/friends/-", "uid", names="name", category="friends",
      full="keep", refs=(R("knows", "friend", "name", soft=True),)),
    K("zone", "/", "name", file=r"zones/%s/\1\.json" % NAME, alias="key",
      category="zones", refs=(
          R("to/-", "zone"), R("door", "lot", scope=folder),
          R("uses/-", "item"))),
    K("lot", "/", "$1 name", file=r"zones/%s/lots/%s\.json" % (NAME, NAME),
      alias="key", category="zones/lots", parent="zone", child=True, refs=(
          R("near/-", "lot", scope=folder),
          R("far/-/lot", "lot", scope=beside("zone")), R("far/-/zone", "zone"),
          R("path", "item", word=tail))),
    K("line", "/lines/-", "$1 $2 text", key=True, parent="zone", child=True,
      file=r"zones/%s/pages/%s\.json" % (NAME, NAME), part="replace-all",
      category="zones/pages"),
    K("item", "/items/-", "code", alias="_id", file=r"lists/.*\.json",
      category="items", refs=(R("like/-", "item"),)),
    K("sub", "/items/-/subs/-", "^ no", file=r"lists/.*\.json",
      category="items", part="replace-all", child=True),
]
for _kind in kinds:
    if _kind.at == "/":
        _kind.at, _kind.steps = ".", []


class Otter(Platform):
    name = "otter"
    map = ["--map", MAP]
    kinds = kinds
    every = (R("**/den", "den", "alias"),)
    minted = MINTED
    optional = ("rooms", "shelves", "books", "pets", "doors", "rhymes",
                "rules", "words", "list", "perches", "subs", "items", "lines",
                "near", "far", "cellar", "tags", "parts", "friends")
    categories = ("dens", "dens/rooms", "dens/rhymes", "dens/rules",
                  "dens/words", "settings", "zones", "zones/lots", "items",
                  "zones/pages", "perches", "nests", "friends")
    policies = ("room", "shelf", "book", "pet", "door", "rhyme", "rule",
                "concept", "word", "tongue", "zone", "lot", "line", "item",
                "sub", "perch", "nest")
    renames = ("zone", "lot", "item", "room")
    sets = {"room": ("tags",)}
    held = {"settings": ("dens",), "dens/rhymes": ("dens/rooms",)}
    orphans = ("door",)
    parts = ("room", "room", "shelf", "shelf", "cellar", "book", "book",
             "pet", "door", "rhyme", "rule", "word", "perch", "nest", "molt",
             "friend", "zone", "lot", "lot", "page", "item", "sub", "note",
             "logo", "setting", "far", "more", "part")

    def finish(self, w, package):
        for file, doc in package.items():
            part = file.split("/")
            if part[0] == "zones" and len(part) == 3 and isinstance(
                    doc, dict) and "uses" in doc:
                doc["lots"] = sum(f.startswith("zones/%s/lots/" % part[1])
                                  for f in package)

    def partial(self, package):
        return "holding" in self.doc(package)

    @staticmethod
    def may_go(c):
        return c.kind.name != "den"

    def doc(self, package):
        return package.get(self.den, {})

    def invent(self, w):
        self.den = w.r.choice(["den.json", "palace.json"])
        doc = {"name": "Den", "level": "1", "_id": w.new("dn"),
               "words": {}}
        package = {self.den: doc}
        for lang in w.some(["en", "de"], 1, 2):
            doc["words"][lang] = w.thing(list={})
        if w.maybe(3):
            doc["holding"] = {"dens": ["rooms", "words", "rules", "rhymes"],
                              "zones": True, "settings": True, "items": True}
        for part in w.some(w.parts(self) * 3, 3, 20):
            w.attempt(self.add, w, package, part)
        if w.maybe(4):
            doc["home"] = w.word(package, self, "room", "uid")
        if w.maybe(4):
            doc["start"] = w.word(package, self, "zone", "name")
        if w.maybe(3):
            w.shuffle_members(doc)
        return package

    def list(self, package, member):
        return self.doc(package).setdefault(member, [])

    def zones(self, package):
        return sorted({unquote(f.split("/")[1]) for f in package
                       if f.startswith("zones/")})

    def zone(self, w, package):
        found = self.zones(package)
        return w.r.choice(found) if found else None

    def file(self, package, name, doc):
        if all(f.lower() != name.lower() for f in package):
            package[name] = doc

    # ---- the den

    def add_room(self, w, package):
        room = w.thing(_id=w.new("rm"), uid=w.new("room"), state="live",
                       title=w.new("Room"), kind="k", copy={"id": w.new("c")})
        doors = [d["_id"] for d in self.list(package, "doors")]
        rooms = [r["uid"] for r in self.list(package, "rooms")]
        if w.maybe(6):
            room["doors"] = w.some(doors, 0, 2)
        if rooms and w.maybe(5):
            room["leads"] = w.some(rooms, 1, 2)
            room["say"] = "Go to ${ROOM:%s} or ${room:sky.x}" % w.r.choice(
                rooms)
        if rooms and w.maybe(3):
            room["next"] = {"uid": w.r.choice(rooms),
                            "how": w.r.choice(["walk", "swim"])}
        if doors and w.maybe(4):
            room["watch"] = {w.r.choice(doors): {"at": 1}}
        zone = self.zone(w, package)
        if zone and w.maybe(4) and " " not in zone:
            room["seat"] = "@%s:a" % zone
        for key in w.some(["shelves", "pets"], 0, 2):
            room[key] = []
        if w.maybe(4):
            room["den"] = self.doc(package).get("_id")
        if w.maybe(4):
            room["tags"] = w.some(["a", "b", "c"], 0, 3)
        w.grow(self.list(package, "rooms"), room)

    def any_room(self, w, package):
        return w.r.choice(self.list(package, "rooms"))

    def add_part(self, w, package):
        parts = self.any_room(w, package).setdefault("parts", [])
        part = dict(no="p%d" % len(parts), tag=w.new("t"), state="live")
        part["then"] = w.r.choice(parts)["no"] if parts else "end"
        w.grow(parts, part)

    def add_shelf(self, w, package):
        self.shelf(w, package, self.any_room(w, package))

    def shelf(self, w, package, holder):
        shelves = holder.setdefault("shelves", [])
        no = "s%d" % w.upto(4)
        if any(s.get("no") == no for s in shelves):
            return
        value = w.thing(no=no)
        if w.maybe(5):
            value["books"] = {}
        if w.maybe(3):
            value["for"] = w.word(package, self, "room", "uid")
        w.grow(shelves, w.drop_none(value))

    def add_cellar(self, w, package):
        self.shelf(w, package, self.doc(package).setdefault(
            "cellar", {"dark": True}))

    def add_book(self, w, package):
        shelf = w.r.choice(self.any_room(w, package)["shelves"])
        locked = w.maybe(5)
        book = w.thing(locked="true" if locked else "no",
                       code="" if w.maybe(5) else w.new("c"))
        if w.maybe(3):
            book["about"] = w.word(package, self, "room", "uid")
        shelf.setdefault("books", {})["b%d" % w.upto(4)] = w.drop_none(book)

    def add_pet(self, w, package):
        pets = self.any_room(w, package).setdefault("pets", [])
        name = "pet%d" % w.upto(3)
        if all(p.get("name") != name for p in pets):
            w.grow(pets, w.thing(name=name))

    def add_door(self, w, package):
        door = w.thing(_id=w.new("dr"), uid=w.new("door"), state="live",
                       of=w.word(package, self, "room", "_id"),
                       to=w.word(package, self, "room", "uid"))
        if w.maybe(4):
            door["tags"] = {w.new("tag"): 1}
        w.grow(self.list(package, "doors"), w.drop_none(door))

    def add_rhyme(self, w, package):
        door = w.word(package, self, "door", "_id")
        if door:
            w.grow(self.list(package, "rhymes"), w.thing(
                _id=w.new("rh"), door=door, lang="en", text=w.new("rhyme")))

    def add_rule(self, w, package):
        door = w.word(package, self, "door", "uid")
        rules = self.list(package, "rules")
        if door and all(r.get("uid") != door for r in rules):
            w.grow(rules, dict(uid=door, all=[{"value": w.new("v")}]))

    def add_word(self, w, package):
        tongue = w.r.choice(list(self.doc(package)["words"].values()))
        tongue.setdefault("list", {})[
            w.r.choice(["", "~"]) + "word%d" % w.upto(5)] = [w.new("x")]

    def add_perch(self, w, package):
        w.grow(self.list(package, "perches"), w.thing(
            uid=w.new("p"), type=w.r.choice(["high", "low"])))

    def add_nest(self, w, package):
        w.grow(self.list(package, "nests"), w.thing(uid=w.new("n")))

    def add_molt(self, w, package):
        w.grow(self.list(package, "molts"), w.thing(uid=w.new("m")))

    def add_friend(self, w, package):
        w.grow(self.list(package, "friends"), w.drop_none(w.thing(
            uid=w.new("f"), name=w.new("Friend"),
            knows=w.word(package, self, "friend", "name"))))

    def add_setting(self, w, package):
        self.doc(package)[w.r.choice(["colour", "a/b", "-", "~0", "é"])] = \
            w.r.choice([1, None, "x", [], {}, {"r": w.new("v")}, True])

    # ---- zones and lists

    def add_zone(self, w, package):
        name = w.new(w.r.choice(["Zone", "Z 1/2", "Zürich"]))
        e = encoded(name)
        zones = self.zones(package)
        self.file(package, "zones/%s/%s.json" % (e, e), w.thing(
            name=name, key=w.new("zk"), to=w.some(zones, 0, 2), uses=w.some(
                [c.value["code"] for c in View(self, package).all
                 if c.kind.name == "item"], 0, 2)))
        if w.maybe(2):
            self.file(package, "zones/%s/scroll.txt" % e, w.new("scroll"))

    def lots(self, package, zone):
        return [unquote(f.split("/")[3][:-5]) for f in package
                if f.startswith("zones/%s/lots/" % encoded(zone))]

    def add_lot(self, w, package):
        zone = self.zone(w, package)
        if zone is None:
            return
        name = w.r.choice([w.new("Lot"), "Corner", "Edge"])
        lot = w.thing(name=name, key=w.new("lk"))
        if w.maybe(5):
            lot["near"] = w.some(self.lots(package, zone), 0, 2)
        item = w.word(package, self, "item", "code")
        if item and w.maybe(4):
            lot["path"] = "otters/7/items/" + item
        self.file(package, "zones/%s/lots/%s.json" % (
            encoded(zone), encoded(name)), lot)
        if w.maybe(3):
            e = encoded(zone)
            package["zones/%s/%s.json" % (e, e)]["door"] = name

    def add_far(self, w, package):
        zone, other = self.zone(w, package), self.zone(w, package)
        lot, far = (w.r.choice(self.lots(package, z)) for z in (zone, other))
        value = package["zones/%s/lots/%s.json" % (encoded(zone),
                                                   encoded(lot))]
        value.setdefault("far", []).append({"zone": other, "lot": far})

    def add_page(self, w, package):
        zone = self.zone(w, package)
        if zone:
            lang = w.r.choice(["en", "de"])
            self.file(package, "zones/%s/pages/%s.json" % (
                encoded(zone), lang), {"lines": [
                    w.thing(text=w.new("line"))
                    for _ in range(w.upto(2))]})

    def add_item(self, w, package):
        file = "lists/%s.json" % w.r.choice(["a", "b", "deep/c"])
        items = package.setdefault(file, {"items": []})["items"]
        item = w.thing(_id=w.new("ik"), code=w.new("item"))
        other = w.word(package, self, "item", "code")
        if other and w.maybe(5):
            item["like"] = [other]
        if w.maybe(5):
            item["subs"] = [w.thing(no="n%d" % i) for i in range(w.upto(2))]
        w.grow(items, item)

    def add_sub(self, w, package):
        files = [f for f in package if f.startswith("lists/")]
        item = w.r.choice(package[w.r.choice(files)]["items"])
        subs = item.setdefault("subs", [])
        no = "n%d" % w.upto(4)
        if all(s.get("no") != no for s in subs):
            w.grow(subs, w.thing(no=no))

    def add_note(self, w, package):
        package["notes/%s.txt" % w.r.choice("abc")] = w.new("note") + "\n"

    def add_logo(self, w, package):
        package["logo.svg"] = w.new("logo")

    def add_more(self, w, package):
        self.file(package, "more/Birds/%s.json" % w.r.choice("xy"),
                  {"a": w.new("v")})

    # ---- edits that only this platform knows

    def gone(self, w, package, c):
        w.take(package, c)
        if c.kind.name == "zone":
            for file in [f for f in package if f.startswith(
                    "zones/%s/" % encoded(c.stars[0]))]:
                del package[file]

    def rename(self, w, package, c, new=None):
        member = {"zone": "name", "lot": "name", "item": "code",
                  "room": "uid"}[c.kind.name]
        old = c.value.get(member)
        if not isinstance(old, str):
            return False
        new = new or w.new("Renamed")
        for other in View(self, package).all:
            for ref, at, word, to in View(self, package).refs(other):
                if c.mark in to and ref.by == "id" and word == old:
                    at = other.at + at
                    around = holder(package[other.file], at)
                    around[at[-1]] = around[at[-1]].replace(old, new)
        c.value[member] = new
        if c.kind.name in ("zone", "lot"):
            a, b, found = encoded(old), encoded(new), {}
            top = "/".join(c.file.split("/")[:1 if c.kind.name == "zone"
                                             else 3]) + "/"
            for file, doc in package.items():
                if file.startswith(top):
                    rest = file[len(top):].split("/")
                    rest = [b if r == a else b + ".json" if r == a + ".json"
                            else r for r in rest]
                    file = top + "/".join(rest)
                found[file] = doc
            package.clear()
            package.update(found)
        return True

    def move(self, w, package, c):
        """A lot goes to another zone, an item to another file."""
        if c.kind.name == "lot":
            file = "zones/%s/lots/%s.json" % (
                encoded(self.zone(w, package)), c.file.rsplit("/", 1)[1][:-5])
            if file in package:
                return False
            package[file] = package.pop(c.file)
            return True
        if c.kind.name == "sub":
            item = c.parent
            file = "lists/%s.json" % w.r.choice(["a", "b", "d"])
            if file == item.file:
                return False
            w.take(package, item)
            w.grow(package.setdefault(file, {"items": []})["items"],
                   item.value)
            return True
        if c.kind.name in ("shelf", "pet") and c.parent.kind.name == "room":
            room = self.any_room(w, package)
            key = c.at[-2]
            if room is c.parent.value:
                return False
            w.take(package, c)
            w.grow(room.setdefault(key, []), c.value)
            return True
        return False

    def case(self, w, package):
        found = [c for c in View(self, package).all
                 if c.kind.name in ("zone", "lot", "item")]
        if not found:
            return False
        c = w.r.choice(found)
        member = "code" if c.kind.name == "item" else "name"
        if w.maybe(5):
            for key in "key", "_id":
                if key in c.value:
                    c.value[key] = w.new(c.value[key].split("-")[0])
        return self.rename(w, package, c, c.value[member].swapcase())
