/* SPDX-License-Identifier: GPL-2.0 */
/* How entries are put into words, as far as a user can choose. */
#ifndef WORDS_STYLE_H
#define WORDS_STYLE_H

enum time_style {
	TIME_NONE,
	TIME_VM,		/* seconds since the VM's zero */
	TIME_DELTA,		/* seconds since the line before on this output */
	TIME_24H,		/* local time of day, microseconds */
	TIME_ISO8601,		/* local time with its offset, microseconds */
	TIME_EPOCH,		/* seconds since 1970, UTC */
	TIME_MONOTONIC,		/* CLOCK_MONOTONIC, as in the host's dmesg */
};

enum label_style {
	LABEL_AUTO,		/* on a shared sink once there is more than one VM */
	LABEL_YES,
	LABEL_NO,
};

enum json_unit {
	JSON_LINE,		/* an object for each line; for each code on the POST port */
	JSON_WRITE,		/* an object for each write */
};

enum storm_policy {
	STORM_COUNT,		/* what Linux's io_delay writes is counted, not shown */
	STORM_SHOW,
};

enum seconds_style {
	SECONDS_RIGHT,
	SECONDS_ORIGINAL,	/* as cloud-hypervisor prints them: wrong above a second */
};

/**
 * struct style - what a format goes by; 0: its default
 * @time: text: the time before each line
 * @label: text, cloud-hypervisor: the VM's name before each line
 * @json: json: what an object is made for
 * @storm: what happens to codes that come by the thousand
 * @seconds: cloud-hypervisor: how it prints them
 */
struct style {
	enum time_style time;
	enum label_style label;
	enum json_unit json;
	enum storm_policy storm;
	enum seconds_style seconds;
};

#endif /* WORDS_STYLE_H */
