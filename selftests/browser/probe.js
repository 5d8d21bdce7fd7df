/* SPDX-License-Identifier: GPL-2.0 */
/* What people do with a page of boots.  See frame.html; test_page.sh judges what is left. */
"use strict";
const frame = document.querySelector("iframe"), seen = document.body.dataset;
let win, doc;

const all = selector => [...doc.querySelectorAll(selector)];
const one = selector => doc.querySelector(selector);
const names = () => all("#boots .name").filter(name => name.offsetParent)
	.map(name => name.textContent).join(" ");
const button = text => all("button").find(b => b.textContent.trim().startsWith(text));
const drawn = name => all(".chart " + name).map(text => text.textContent);

function point(target, type, x, y) {
	target.dispatchEvent(new win.PointerEvent(type, {
		bubbles: true, clientX: x, clientY: y, pointerId: 1,
	}));
}

function press(target, key) {
	target.dispatchEvent(new win.KeyboardEvent("keydown", { key, bubbles: true }));
}

function search(text) {
	one("#search").value = text;
	one("#search").dispatchEvent(new win.Event("input"));
}

/* Whether all of a text can be seen: nothing is wider than what it stands in. */
function fits(text) {
	const box = text.getBoundingClientRect(), around = one(".chart").getBoundingClientRect();

	return box.left >= around.left - 1 && box.right <= around.right + 1;
}

function overflow() {
	return doc.documentElement.scrollWidth - win.innerWidth;
}

/* Numbers of "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)". */
function parts(colour) {
	const found = colour.match(/[\d.]+/g).map(Number);

	return found.length < 4 ? [...found, 1] : found;
}

/* @above as it is seen on @below, which lets nothing through. */
function mixed(above, below) {
	return [0, 1, 2].map(i => above[i] * above[3] + below[i] * (1 - above[3]));
}

function background(element) {
	if (!element)
		return [255, 255, 255];
	return mixed(parts(win.getComputedStyle(element).backgroundColor),
		     background(element.parentElement));
}

/* As WCAG 2 has it. */
function luminance(colour) {
	const [r, g, b] = colour.map(part => {
		const c = part / 255;

		return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	});

	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);

	return (high + 0.05) / (low + 0.05);
}

/* What a text of the picture stands on: the last shape that is drawn there. */
function below(text) {
	const at = text.getBoundingClientRect();
	const x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
	const shapes = all(".chart rect").filter(shape => {
		const box = shape.getBoundingClientRect();

		return box.left <= x && box.right >= x && box.top <= y && box.bottom >= y;
	});
	const last = shapes[shapes.length - 1];

	return last ? parts(win.getComputedStyle(last).fill).slice(0, 3) : background(one("body"));
}

/* The worst one of all texts that are seen, and where it is. */
function look_at_contrast() {
	const worst = { ratio: 21, where: "" };
	const judge = (element, colour, behind) => {
		const ratio = contrast(mixed(parts(colour), behind), behind);

		if (ratio < worst.ratio)
			Object.assign(worst, { ratio, where: element.className.baseVal ||
				element.className || element.tagName });
	};
	const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);

	for (let node; (node = walker.nextNode());) {
		const element = node.parentElement;

		if (!node.data.trim() || element.closest("script") || !element.getClientRects().length)
			continue;
		if (element.closest("svg"))
			judge(element, win.getComputedStyle(element).fill, below(element));
		else
			judge(element, win.getComputedStyle(element).color, background(element));
	}
	judge(one("#search"), win.getComputedStyle(one("#search"), "::placeholder").color,
	      background(one("#search")));
	seen.contrast = worst.ratio >= 4.5;
	seen.worst = `${worst.ratio.toFixed(2)} ${worst.where}`;
}

function look_at_overview() {
	seen.width = win.innerWidth;
	seen.dark = win.matchMedia("(prefers-color-scheme: dark)").matches;
	seen.overflow = overflow();
	seen.bars = all("#boots td.bars").map(bars => bars.querySelectorAll("i").length).join(" ");
	const widths = all(".stack").map(bar => [...bar.children].reduce((sum, part) =>
		sum + part.getBoundingClientRect().width, 0) / bar.clientWidth);

	seen.lengths = widths.map(width => Math.round(1000 * width)).join(" ");
	seen.axis = all("th.bars span").length;
	seen.sorted = names();
	button("total").click();
	seen.turned = names();
	button("boot").click();
	seen.byname = names();
	button("begins").click();
	seen.bybegin = names();
	button("Kernel").click();
	seen.bykernel = names();
	button("Kernel").click();
	seen.kernelup = names();
	seen.column = all("#boots th").filter(th => th.offsetParent).pop().textContent;
	seen.pressed = all("[aria-pressed=true]").length;
	button("total").click();
}

function look_at_boot() {
	const name = all("#boots .name").find(found => found.textContent === "web");

	seen.closed = all(".panel").length;
	name.click();
	seen.open = all(".panel").length + " " + name.getAttribute("aria-expanded");
	seen.hash = win.location.hash;
	seen.phases = all(".phases td:first-child").map(cell => cell.textContent).join(" ");
	seen.lanes = drawn("text.dim").filter(text => text.includes("0x")).join(", ");
	seen.labels = drawn("text.code").join(", ");
	seen.gap = drawn("text.gap").join(", ");
	seen.hatch = doc.documentElement.outerHTML.includes("repeating-linear-gradient");
	seen.fit = all(".chart text").every(fits);
	seen.grid = all(".chart .grid").length > 1;
	seen.overflowing = overflow();
	seen.listed = all(".marks tr").length;
	seen.units = all(".phases th").map(head => head.textContent).slice(1, 3).join(" ");
}

function try_chart() {
	const svg = one(".chart"), box = svg.getBoundingClientRect();
	const lane = drawn("text.dim").length && all(".chart .lane")[0].getBoundingClientRect();
	const ticks = () => drawn("text.dim").filter(text => text.endsWith("ms"));
	const before = ticks();

	point(svg, "pointermove", box.left + 6 + (box.width - 12) * 40000 / 96000, lane.bottom - 8);
	seen.away = doc.getElementById("tip").hidden;
	/* From a quarter to half of it. */
	point(svg, "pointerdown", box.left + 6 + (box.width - 12) / 4, box.top + 60);
	point(svg, "pointermove", box.left + 6 + (box.width - 12) / 3, box.top + 60);
	seen.dragged = all(".chart .drag").length;
	point(svg, "pointermove", box.left + 6 + (box.width - 12) / 2, box.top + 60);
	point(svg, "pointerup", box.left + 6 + (box.width - 12) / 2, box.top + 60);
	seen.zoomed = ticks().length > 1 && ticks().every(text =>
		parseFloat(text) >= 24 && parseFloat(text) <= 48);
	svg.dispatchEvent(new win.MouseEvent("dblclick", { bubbles: true }));
	seen.whole = ticks().join() === before.join();
	button("+").click();
	seen.nearer = ticks().join() !== before.join();
	press(svg, "0");
	seen.back = ticks().join() === before.join();
}

/* Where a mark is: of the lane that is called so, at so many parts of the boot. */
function click(lane, part) {
	const svg = one(".chart"), box = svg.getBoundingClientRect();
	const names = all(".chart text.dim").filter(text => text.textContent.includes("0x"));
	const at = names.findIndex(text => text.textContent.startsWith(lane));
	const rect = all(".chart .lane")[at].getBoundingClientRect();
	const x = box.left + 6 + (box.width - 12) * part, y = rect.bottom - 8;

	point(svg, "pointermove", x, y);
	seen.tip = doc.getElementById("tip").textContent.split("\n")[0];
	point(svg, "pointerdown", x, y);
	point(svg, "pointerup", x, y);
}

function try_measure() {
	const svg = one(".chart");

	click("post", 9000003 / 96000006);
	click("post", 90000004 / 96000006);
	seen.measured = one(".said").textContent;
	seen.shown = drawn("text.measure").join();
	seen.chosen = all(".marks .chosen").length;
	look_at_contrast();
	press(svg, "Escape");
	seen.cleared = one(".said").textContent;
	/* The first mark and the third one. */
	for (const key of ["ArrowRight", "Enter", "ArrowRight", "ArrowRight", "Enter"])
		press(svg, key);
	seen.keys = one(".said").textContent;
	press(svg, "Escape");
}

function try_search() {
	search("SEABIOS SAYS 3");
	seen.found = names() + ": " + one("#found").textContent;
	seen.rows = all(".marks tr").length - 1;
	seen.faint = all(".chart .faint").length > 0;
	search("round");
	seen.foundname = names();
	search("nothing has this");
	seen.none = names();
	search("");
	seen.everything = all("#boots .name").filter(name => name.offsetParent).length;
}

function try_paper() {
	const open = all("details[open]").length;

	win.dispatchEvent(new win.Event("beforeprint"));
	seen.paper = Math.round(one("body").getBoundingClientRect().width) <= 700;
	seen.same = all("details[open]").length === open;
	win.dispatchEvent(new win.Event("afterprint"));
	seen.screen = one("body").style.zoom === "";
}

/* A page that compares boots names some, which leads to them. */
function look_at_many() {
	const name = win.location.hash.slice(1), link = one("details a");

	seen.opened = all("#boots .name[aria-expanded=true]").map(found => found.textContent).join();
	seen.asked = name;
	search("0x43 kernel");
	seen.found = one("#found").textContent;
	search("");
	if (!link)
		return;
	seen.figures = all(".hist").length;
	link.closest("details").open = true;
	link.click();
	seen.linked = link.textContent === one("#boots .name[aria-expanded=true]").textContent;
	seen.many = overflow();
}

frame.addEventListener("load", () => setTimeout(() => {
	win = frame.contentWindow;
	doc = frame.contentDocument;
	seen.boots = all("#boots td.bars").length;
	if (!all(".name").some(name => name.textContent === "web")) {
		look_at_many();
		return;
	}
	/* No pointer is at work that could be captured. */
	win.Element.prototype.setPointerCapture = () => {};
	look_at_overview();
	look_at_boot();
	try_chart();
	try_measure();
	try_search();
	try_paper();
	seen.images = doc.images.length;
	seen.end = true;
}, 500));
