/* SPDX-License-Identifier: GPL-2.0 */
/* The boots of the page, out of what details.h describes. */
"use strict";
const details = JSON.parse(document.getElementById("details").textContent);

/* As many elements of an array as there are names are a group. */
function grouped(array, names) {
	const groups = [];

	for (let i = 0; i < array.length; i += names.length)
		groups.push(Object.fromEntries(names.map((name, n) => [name, array[i + n]])));
	return groups;
}

const phase_kinds = grouped(details.phases, ["name", "colour"]);
const ports = grouped(details.ports, ["number", "name"]);
const whats = grouped(details.what, ["type", "port", "text"]);
whats.forEach((what, number) => { what.number = number; });
const boot_texts = grouped(details.boots, ["phases", "marks", "own"]);
boot_texts.forEach((texts, i) => {
	texts.undated = grouped(details.undated[i] || [], ["before", "begins", "text"]);
});

/* What is searched for, in small letters; "": nothing is. */
let wanted = "";

function* numbers(text) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	let n = 0, weight = 1;

	for (const character of text) {
		const digit = digits.indexOf(character);

		n += (digit & 31) * weight;
		weight *= 32;
		if (digit < 32) {
			yield n;
			n = 0;
			weight = 1;
		}
	}
}

function unfolded(n) {
	return n % 2 ? (n + 1) / 2 : -n / 2;
}

function is_wanted(text) {
	return text.toLowerCase().includes(wanted);
}

/* Marks are in the order in which they were written; so are those of a phase. */
class Boot {
	constructor(name, texts) {
		const all = numbers(texts.phases);
		let time = 0;

		this.name = name;
		this.phases = [];
		for (let kind; !(kind = all.next()).done;) {
			const begin = time;

			time += all.next().value;
			this.phases.push({ ...phase_kinds[kind.value], begin, end: time,
					   count: all.next().value });
		}
		this.total = time;
		this.texts = texts;
	}

	/* null: the page has not got them. */
	get marks() {
		if (this.read === undefined)
			this.read = this.texts.marks === null ? null : this.read_marks();
		return this.read;
	}

	read_marks() {
		const all = numbers(this.texts.marks), next = () => all.next().value, marks = [];
		let time = 0, fresh = next(), expected = 0, own = 0;

		const take_what = () => {
			const kind = next();

			if (!kind)
				return whats[fresh++];
			const what = whats[expected + unfolded((kind - 1) >> 1)];

			expected = what.number + 1;
			if (kind % 2)
				return what;
			const begin = next(), end = begin + next(), put = this.texts.own.substr(own, next());

			own += put.length;
			return { ...what, text: what.text.slice(0, begin) + put + what.text.slice(end) };
		};

		for (const phase of this.phases) {
			for (let i = 0; i < phase.count; i++) {
				const after = next();

				time += after;
				marks.push({ time, after, phase, ...take_what() });
			}
		}
		return marks;
	}

	/* All that is listed: marks, and lines without a time where they belong. */
	get listed() {
		const marks = this.marks || [], listed = [];
		let next = 0;

		for (const line of this.marks ? this.texts.undated : []) {
			while (next < line.before)
				listed.push(marks[next++]);
			listed.push(line);
		}
		return listed.concat(marks.slice(next));
	}

	/* From which length on nothing is a gap. */
	get long_gap() {
		return details.gap || Math.max(1, Math.floor(this.total / 10));
	}

	found() {
		return wanted ? this.listed.filter(mark => is_wanted(mark.text)) : [];
	}
}

/* "12.345", in the page's unit. */
function told(ticks, places = details.places) {
	return (ticks / 10 ** details.places).toFixed(places);
}

function with_unit(ticks, places) {
	return told(ticks, places) + " " + details.unit;
}

/* Where an axis that is so many pixels wide has its ticks: at least 90 apart. */
function axis_ticks(from, to, width) {
	const least = (to - from) * 90 / Math.max(width, 1), found = [];
	let step = 1;

	while (step < least)
		step *= String(step)[0] === "2" ? 2.5 : 2;
	/* Of 1, 2, 5, 10 ... the digits behind the first one are zeros. */
	const places = Math.max(0, details.places - String(step).length + 1);

	for (let time = Math.ceil(from / step) * step; time <= to; time += step)
		found.push({ time, text: with_unit(time, places) });
	return { step, ticks: found };
}

function port_text(port) {
	if (!ports[port].number)
		return "lost";
	const number = "0x" + ports[port].number.toString(16);

	return ports[port].name === number ? number : ports[port].name + " " + number;
}
