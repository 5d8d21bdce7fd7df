# SPDX-License-Identifier: GPL-2.0
#
# Sums up the TAP of kselftest's runner.  Every program's own results come
# first, indented by "# ", then one line about the program.  That one counts if
# it says what none of the former did: that the program died, or was skipped,
# or has no results of its own.  What comes after "# rig: KERNEL" ran there; the
# kernels get a table.

function count(line)
{
	if (line ~ /^not ok/)
		what = "failed"
	else if (line ~ /# SKIP/)
		what = "skipped"
	else
		what = "passed"
	all[what]++
	sum[kernel, what]++
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
	count($0)
	next
}

/^(not )?ok / {
	if (!own || (/^not ok/ && !own_failed))
		count($0)
	own = own_failed = 0
}

END {
	if (rigs)
		printf "\n%-12s %7s %7s %7s\n", "kernel", "passed", "failed", "skipped"
	for (i = 1; i <= rigs; i++)
		printf "%-12s %7d %7d %7d\n", kernels[i], sum[kernels[i], "passed"],
			sum[kernels[i], "failed"], sum[kernels[i], "skipped"]
	if (rigs)
		print ""
	printf "%d passed, %d failed, %d skipped\n",
		all["passed"], all["failed"], all["skipped"]
	exit all["failed"] > 0 || !all["passed"]
}
