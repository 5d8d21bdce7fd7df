# SPDX-License-Identifier: GPL-2.0
#
# Sums up the TAP of kselftest's runner.  Every program's own results come
# first, indented by "# ", then one line about the program.  That one counts if
# it says what none of the former did: that the program died, or was skipped,
# or has no results of its own.  What comes after "# rig: KERNEL" ran there; the
# kernels get a table.  What failed is named again below it, as nobody finds it above
# thousands of lines, with the last that were said before and the first that were said
# after, as programs differ in when they say why.

function count(line, said)
{
	if (line ~ /^not ok/) {
		what = "failed"
		unnamed[++unnamed_count] = line said
	} else if (line ~ /# SKIP/) {
		what = "skipped"
	} else {
		what = "passed"
	}
	all[what]++
	sum[kernel, what]++
}

# What was said last: two lines, as one that waits in vain is told of after its cause.
function say(line)
{
	said = last "\n\t" line
	last = "\n\t" line
}

function forget()
{
	said = last = ""
}

# Whose results these were is known when the program has ended.
function name_failures(program,	i)
{
	sub(/^(not )?ok [0-9]* *(selftests: )?/, "", program)
	for (i = 1; i <= unnamed_count; i++)
		failures = failures (kernel ? kernel ": " : "") program "\n\t" unnamed[i] "\n"
	unnamed_count = after = 0
}

/^# rig: / {
	kernel = $3
	if (!(kernel in rows)) {
		rows[kernel] = ++rigs
		kernels[rigs] = kernel
	}
	next
}

/^# (not )?ok / {
	own++
	own_failed += /^# not ok/
	sub(/^# /, "")
	count($0, said)
	forget()
	after = /^not ok/ ? 4 : 0
	next
}

/^(not )?ok / {
	if (!own || (/^not ok/ && !own_failed))
		count($0, said)
	own = own_failed = 0
	forget()
	name_failures($0)
}

/^# #  *FAIL / {
	next
}

/^# #  *(RUN|OK) / {
	forget()
	after = 0
	next
}

# The runner's own.
/^# (TAP version|[0-9]+\.\.[0-9]+$|timeout set to|selftests: )/ {
	next
}

/^# / {
	say(substr($0, 3, 300))
	if (after && after--)
		unnamed[unnamed_count] = unnamed[unnamed_count] last
}

/^rig: / {
	say($0)
}

END {
	if (rigs)
		printf "\n%-12s %7s %7s %7s\n", "kernel", "passed", "failed", "skipped"
	for (i = 1; i <= rigs; i++)
		printf "%-12s %7d %7d %7d\n", kernels[i], sum[kernels[i], "passed"],
			sum[kernels[i], "failed"], sum[kernels[i], "skipped"]
	if (rigs)
		print ""
	name_failures("")
	if (failures)
		printf "failed:\n%s\n", failures
	printf "%d passed, %d failed, %d skipped\n",
		all["passed"], all["failed"], all["skipped"]
	exit all["failed"] > 0 || !all["passed"]
}
