/* SPDX-License-Identifier: GPL-2.0 */
/* What is seen of a boot that is open: its phases, its chart, and all of its marks. */
const FEW = 100;		/* so many marks are listed without being asked for */

function cell(text, style) {
	return make("td", style ? { class: style } : {}, text);
}

function head(...names) {
	return make("tr", {}, ...names.map(([name, style]) =>
		make("th", style ? { class: style } : {}, name)));
}

function make_phases(boot) {
	const count = (phase, type) =>
		boot.marks ? boot.marks.filter(m => m.phase === phase && m.type === type).length : "";

	return make("div", { class: "scroll" }, make("table", { class: "phases" },
		head(["phase"], ["begins, " + details.unit, "num"], ["lasts, " + details.unit, "num"],
		     ["share, %", "num"], ["codes", "num wide"], ["lines", "num wide"]),
		...boot.phases.map(phase => make("tr", {},
			make("td", {}, make("span", { class: "key c" + phase.colour }), phase.name),
			cell(told(phase.begin), "num"),
			cell(told(phase.end - phase.begin), "num"),
			cell((100 * (phase.end - phase.begin) / (boot.total || 1)).toFixed(1), "num"),
			cell(count(phase, "c"), "num wide"),
			cell(count(phase, "l"), "num wide")))));
}

class Panel {
	constructor(boot) {
		this.boot = boot;
		this.chart = new Chart(boot);
		this.chart.changed = () => this.show_chosen();
		this.rows = new Map();
		this.element = make("div", { class: "panel" }, make_phases(boot), this.chart.element);
		this.element.append(boot.marks ? this.make_list() : this.make_excuse());
	}

	make_excuse() {
		return make("p", { class: "remark" },
			    "The marks of this boot are not here: the page has those of the longest boots, as " +
			    "many as leave it small. This has them: dbgportctl timeline FILE --vm '" +
			    this.boot.name + "' --format html");
	}

	make_list() {
		const table = make("table", { class: "marks" });
		const list = make("details", {}, make("summary", {}, ""), table);

		list.addEventListener("toggle", () => this.fill_list());
		this.list = list;
		list.open = this.boot.listed.length <= FEW;
		this.search();
		return list;
	}

	/* What was searched for has changed. */
	search() {
		const found = this.boot.found(), all = this.boot.listed;

		this.chart.draw();
		if (!this.list)
			return;
		this.shown = found.length ? found : all;
		this.with_gaps = this.shown === all;
		this.list.firstChild.textContent = found.length ?
			`${found.length} of ${all.length} marks` : `${all.length} marks`;
		this.fill_list();
	}

	fill_list() {
		const table = this.list.lastChild, unit = details.unit;

		this.rows.clear();
		table.replaceChildren();
		if (!this.list.open)
			return;
		table.append(head([unit, "num"], ["after, " + unit, "num wide"], ["port", "wide"],
				  ["what"]));
		for (const mark of this.shown) {
			if (mark.after >= this.boot.long_gap && this.with_gaps)
				table.append(make("tr", { class: "hole" }, cell(""), cell("", "wide"),
						  cell("", "wide"),
						  cell(`gap of ${with_unit(mark.after)}`)));
			table.append(mark.type ? this.make_row(mark) : this.make_undated_row(mark));
		}
		this.show_chosen();
	}

	make_row(mark) {
		const row = make("tr", mark.type === "c" ? { class: "code" } : {},
			cell(told(mark.time), "num"), cell(told(mark.after), "num wide"),
			cell(ports[mark.port].name, "wide"),
			make("td", {}, make("span", { class: "key c" + mark.phase.colour }), mark.text));

		row.addEventListener("click", () => {
			/* Text that is being selected is no choice. */
			if (getSelection().isCollapsed)
				this.chart.choose(mark);
		});
		this.rows.set(mark, row);
		return row;
	}

	/* Nothing can be measured there. */
	make_undated_row(line) {
		return make("tr", {}, cell("", "num"), cell(line.begins, "num wide"),
			    cell("memory", "wide"), cell(line.text));
	}

	show_chosen() {
		for (const [mark, row] of this.rows)
			row.classList.toggle("chosen", this.chart.chosen.includes(mark));
	}
}
