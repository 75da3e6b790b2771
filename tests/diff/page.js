// SPDX-License-Identifier: ISC
//
// page.js PAGE: what the script of a page does, in a document of which there
// is only what it needs.  Prints, one fact a line, what stands there; ends
// with 1 if something becomes markup.
"use strict";
const fs = require("fs");

const TAGS = new Set(["tr", "th", "td", "span", "div", "section", "button",
	"input", "label", "details", "summary", "pre", "del", "ins", "ul",
	"li", "#part"]);

class Element {
	constructor(tag) {
		if (!TAGS.has(tag))
			throw new Error("an element " + tag);
		Object.assign(this, { tagName: tag.toUpperCase(), nodes: [],
			className: "", handlers: {}, attributes: {},
			parent: null });
	}
	set innerHTML(text) {
		throw new Error("markup");
	}
	get children() {
		return this.nodes.filter((n) => n instanceof Element);
	}
	get firstChild() {
		return this.nodes[0];
	}
	get textContent() {
		return this.nodes.map((n) => n instanceof Element ?
			n.textContent : n).join("");
	}
	set textContent(text) {
		this.nodes = text === "" ? [] : [String(text)];
	}
	get classList() {
		const e = this, list = () => e.className.split(" ").filter(Boolean);
		return {
			add: (c) => { e.className = [...list(), c].join(" "); },
			remove: (c) => { e.className = list().filter((x) =>
				x !== c).join(" "); },
			has: (c) => list().includes(c),
		};
	}
	put(at, inside) {
		for (const n of inside) {
			const some = n instanceof Element && n.tagName === "#PART" ?
				n.nodes : [n instanceof Element ? n : String(n)];
			for (const e of some) {
				if (e instanceof Element)
					e.parent = this;
				this.nodes.splice(at++, 0, e);
			}
		}
	}
	append(...inside) {
		this.put(this.nodes.length, inside);
	}
	insertBefore(e, before) {
		this.put(this.nodes.indexOf(before), [e]);
	}
	remove() {
		this.parent.nodes.splice(this.parent.nodes.indexOf(this), 1);
	}
	all() {
		return this.children.flatMap((c) => [c, ...c.all()]);
	}
	querySelectorAll(of) {
		return this.all().filter((e) => of[0] === "." ?
			e.classList.has(of.slice(1)) : e.tagName === of.toUpperCase());
	}
	querySelector(of) {
		return this.querySelectorAll(of)[0] || null;
	}
	addEventListener(name, act) {
		this.handlers[name] = act;
	}
	fire(name) {
		this.handlers[name].call(this, { target: this });
	}
	setAttribute(name, value) {
		this.attributes[name] = value;
	}
	scrollIntoView() {}
	focus() {
		document.focused = this;
	}
}

const html = fs.readFileSync(process.argv[2], "utf8");
const island = html.match(
	/<script type="application\/json" id="data">([^]*?)<\/script>/)[1];
const script = html.match(/<script>([^]*?)<\/script>/)[1];
const ids = {};
const document = {
	handlers: {},
	body: {},
	getElementById: (id) => ids[id] || (ids[id] = new Element("div")),
	createElement: (tag) => new Element(tag),
	createDocumentFragment: () => new Element("#part"),
	addEventListener: (name, act) => { document.handlers[name] = act; },
};
document.getElementById("data").textContent = island;
class Option extends Element {
	constructor(text, value) {
		super("span");
		this.textContent = text;
		this.value = value;
	}
}
class IntersectionObserver {
	constructor(act) {
		this.act = act;
		document.observer = this;
	}
	observe() {}
	unobserve() {}
	seen() {
		this.act([{ isIntersecting: true }], this);
	}
}
let later = null;
new Function("document", "Option", "IntersectionObserver", "setTimeout",
	"clearTimeout", script)(document, Option, IntersectionObserver,
	(act) => { later = act; }, () => {});

const rows = () => ids.list.querySelectorAll(".row");
const press = (key, target) => document.handlers.keydown({ key: key,
	target: target || { tagName: "BODY" }, preventDefault() {} });
const onRow = () => rows().findIndex((r) => r.classList.has("on"));
const say = (what, value) => console.log(what + ": " + value);

function search(words)
{
	ids.search.value = words;
	ids.search.fire("input");
	later();
	say("search " + words, ids.count.textContent);
}

say("title", JSON.stringify(ids.title.textContent));
for (const row of ids.summary.querySelectorAll("tr"))
	say("kind", row.children.map((c) => c.textContent).join("|"));
for (const e of ids.remarks ? ids.remarks.children : [])
	say("remark", e.className + "|" + e.children.map((c) =>
		c.textContent).join("|") + (e.className ? e.textContent : ""));
for (const box of ids.tree.querySelectorAll("details"))
	say("tree", box.children[0].textContent);
say("count", ids.count.textContent);
say("rows", rows().length);
for (const row of rows().slice(0, 12))
	say("row", row.className + "|" + JSON.stringify(
		row.children[0].textContent) + "|" +
		row.querySelectorAll(".path").map((p) =>
		p.textContent).join("|"));
say("words", JSON.stringify(["del", "ins"].map((tag) =>
	ids.list.querySelectorAll(tag).slice(0, 3).map((e) =>
	e.textContent))));
say("sides", JSON.stringify(ids.list.querySelectorAll(".sides").slice(0, 2)
	.map((s) => s.children.map((e) => e.textContent))));
document.observer.seen();
say("rows when the end is seen", rows().length);
press("j");
press("j");
press("k");
say("j j k", onRow());
document.body.tagName = "BODY";
const before = rows()[0].querySelector(".places") !== null;
press("Enter", document.body);
say("Enter", before + " " + (rows()[0].querySelector(".places") !== null));
say("places", rows()[0].querySelectorAll(".place").length);
for (const more of rows()[0].querySelectorAll(".more"))
	more.fire("click");
say("places, and more", rows()[0].querySelectorAll(".place").length);
press("/");
say("/", document.focused === ids.search);
for (const words of process.argv.slice(3))
	search(words);
search("");
ids.signs.querySelectorAll("input").forEach((box) => {
	box.checked = false;
	box.fire("change");
});
say("no sign", ids.count.textContent);
