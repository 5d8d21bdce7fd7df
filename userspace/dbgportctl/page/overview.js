/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of boots, which stands on the page: bars in it, all on one scale, ways to sort
 * it and to search, and the boots that are open below their rows.
 */
const table = document.getElementById("boots");
const body = table.tBodies[0];
const NAME = 0, BEGINS = 1, TOTAL = 2;
const PAPER = 700;		/* pixels that are as wide as a page of A4 or letter */

/* The texts of a row's cells before anything is added to it. */
function values_of(row) {
	return [...row.cells].map(one => (one.firstChild || one).textContent);
}

const rows = [...body.rows].map((row, i) => {
	const values = values_of(row);

	return { row, values, boot: new Boot(values[NAME], boot_texts[i]) };
});
const longest = Math.max(1, ...rows.map(one => one.boot.total));
let sorted = { column: TOTAL, down: true };

/* Names that are there twice get a number, for the page's address only. */
const addresses = new Map();
for (const one of rows) {
	let address = one.boot.name;

	for (let n = 2; addresses.has(address); n++)
		address = one.boot.name + "~" + n;
	addresses.set(address, one);
	one.address = address;
}

function make_bar(boot) {
	return make("div", { class: "stack" }, ...boot.phases.map(phase => make("i", {
		class: "c" + phase.colour,
		style: `width:${100 * (phase.end - phase.begin) / longest}%`,
		"data-tip": `${phase.name}: ${with_unit(phase.end - phase.begin)}`,
	})));
}

/* As wide as the cells that are seen: name, bars, total, and what is sorted by. */
function span(one) {
	one.below.firstChild.colSpan = [NAME, TOTAL].includes(sorted.column) ? 3 : 4;
}

function open_boot(one) {
	if (one.panel)
		return;
	one.panel = new Panel(one.boot);
	one.below = make("tr", { class: "below" }, make("td", {}, one.panel.element));
	span(one);
	one.row.after(one.below);
	one.button.setAttribute("aria-expanded", "true");
	one.panel.chart.draw();
}

function close_boot(one) {
	one.below.remove();
	one.panel = one.below = undefined;
	one.button.setAttribute("aria-expanded", "false");
}

function toggle(one) {
	if (one.panel)
		close_boot(one);
	else
		open_boot(one);
	history.replaceState(null, "", one.panel ? "#" + encodeURIComponent(one.address) :
			     location.pathname + location.search);
}

function prepare(one) {
	const first = one.row.cells[NAME];

	one.button = make("button", { type: "button", class: "name", "aria-expanded": "false" },
			  first.firstChild);
	first.prepend(one.button);
	first.after(make("td", { class: "bars" }, make_bar(one.boot),
			 ...first.querySelectorAll(".remark")));
	one.row.addEventListener("click", () => toggle(one));
}

/* What the address names, as it is or in the language of addresses. */
function open_address() {
	const hash = location.hash.slice(1);
	let decoded = hash;

	try {
		decoded = decodeURIComponent(hash);
	} catch {
		/* It is none. */
	}
	show_address(addresses.has(hash) ? hash : decoded);
}

function show_address(address) {
	const one = addresses.get(address);

	if (!one)
		return;
	one.row.hidden = false;
	open_boot(one);
	one.row.scrollIntoView();
}

/* Boots that have no such value come last, whichever way it goes. */
function compare(a, b) {
	const { column, down } = sorted, x = a.values[column], y = b.values[column];
	const way = down ? -1 : 1;

	if (column === NAME)
		return way * x.localeCompare(y, "en", { numeric: true });
	if (!x || !y)
		return !x - !y;
	return way * (x - y);
}

/* In the table the bars have come behind the name. */
function cell_of(row, column) {
	return row.cells[column > NAME ? column + 1 : column];
}

function sort(column, down) {
	sorted = { column, down };
	rows.sort(compare);
	for (const one of rows) {
		body.append(one.row);
		if (one.below) {
			span(one);
			body.append(one.below);
		}
	}
	for (const row of [table.tHead.rows[0], ...rows.map(one => one.row)]) {
		const by = cell_of(row, column);

		for (const one of row.cells)
			one.classList.toggle("by", one === by);
	}
	for (const button of document.querySelectorAll("[data-column]")) {
		const is = Number(button.dataset.column) === column;

		button.setAttribute("aria-pressed", is);
		button.lastChild.textContent = is ? down ? " ▼" : " ▲" : "";
	}
}

function make_sorter(text, column, key) {
	const button = make("button", { type: "button", "data-column": column },
			    ...key ? [key.cloneNode()] : [], text, make("span", {}, ""));

	button.addEventListener("click", () =>
		sort(column, sorted.column === column ? !sorted.down : column > BEGINS));
	return button;
}

function search(text) {
	let boots = 0, marks = 0;

	wanted = text.trim().toLowerCase();
	for (const one of rows) {
		const found = one.boot.found().length;

		one.row.hidden = !found && !is_wanted(one.boot.name);
		if (one.below)
			one.below.hidden = one.row.hidden;
		if (one.panel)
			one.panel.search();
		boots += !one.row.hidden;
		marks += found;
	}
	return wanted ? `${boots} of ${rows.length} boots, ${marks} marks` : "";
}

function make_controls() {
	const heads = [...table.tHead.rows[0].cells];
	const field = make("input", { type: "search", id: "search", autocomplete: "off",
				      placeholder: "boot, line or code" });
	const found = make("output", { id: "found", class: "dim" });

	field.addEventListener("input", () => { found.textContent = search(field.value); });
	return make("div", { class: "controls" },
		make("div", { role: "group", "aria-label": "sort by" },
		     make("span", { class: "dim" }, "sort by "),
		     ...heads.map((one, column) =>
			make_sorter(one.textContent.replace(/, [^,]*$/, ""), column,
				    one.querySelector(".key")))),
		make("div", {}, make("label", { for: "search" }, "search "), field, " ", found));
}

function draw_scale() {
	const scale = table.querySelector("th.bars"), width = scale.clientWidth;
	const { step, ticks } = axis_ticks(0, longest, width);

	table.style.setProperty("--grid", 100 * step / longest + "%");
	scale.replaceChildren(...ticks.map(({ time, text }) => {
		const half = width_of(text) / 2;
		const at = Math.min(Math.max(time / longest * width, half), width - half);

		return make("span", { style: `left:${100 * at / width}%` }, text);
	}));
}

function begin() {
	const controls = make_controls();

	document.getElementById("overview").className = "with-script";
	table.tHead.rows[0].cells[NAME].after(make("th", { class: "bars" }));
	rows.forEach(prepare);
	table.before(controls);
	sort(TOTAL, true);
	new ResizeObserver(draw_scale).observe(table.querySelector("th.bars"));
	/* Paper shows what the window does, as small as that takes. */
	window.addEventListener("beforeprint", () => {
		const width = document.body.clientWidth;

		if (width > PAPER)
			Object.assign(document.body.style, { width: width + "px", zoom: PAPER / width });
	});
	window.addEventListener("afterprint", () => {
		Object.assign(document.body.style, { width: "", zoom: "" });
	});
	window.addEventListener("hashchange", open_address);
	document.addEventListener("click", event => {
		const link = event.target.closest("a[href^='#']");

		if (link)
			show_address(link.textContent);
	});
	if (rows.length === 1)
		open_boot(rows[0]);
	open_address();
}

begin();
