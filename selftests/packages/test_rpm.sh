#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The RPMs, as far as Debian's rpmbuild takes them: not with what Fedora calls the
# packages that it is built with, nor on a system of its.
. ./packages.sh || exit

build()
{
	make_tarball "$tmp"
	rpmbuild -ta --nodeps --define "_topdir $tmp" "$tmp/dbgport-$version.tar.gz" \
		>"$log" 2>&1
}

# package_has PACKAGE FILE...
package_has()
{
	rpm -qlp "$tmp/RPMS/x86_64/$1-$version"-*.rpm >"$tmp/files" 2>>"$log" &&
		has "$tmp/files" "${@:2}"
}

ktap_print_header
ktap_set_plan 5
result "rpmbuild builds them, and nothing is left over" build
result "the programs and the service" package_has dbgport /usr/bin/dbgportd \
	/usr/bin/dbgportctl /usr/lib/systemd/system/dbgportd.service /etc/dbgport/dbgportd.conf
result "the module's source" package_has dbgport-dkms "/usr/src/dbgport-$version/dkms.conf" \
	"/usr/src/dbgport-$version/module/main.c"
result "the library" package_has libdbgport-devel /usr/include/libdbgport.h \
	/usr/include/linux/dbgport.h '/usr/lib64/libdbgport.a'
result "what is for guests" package_has dbgport-guest /usr/bin/dbgport-mark
ktap_finished
