#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module built with other kernels' headers: copies of those that are here,
# edited.  Those of 7.4, whose KVM keeps more to itself, do; those of a kernel
# whose struct kvm is another one come to nothing, instead of to wrong offsets.
. ./kernels.sh || exit

# copy NAME: the headers, as a tree of links at $tmp/NAME.
copy()
{
	local common

	common=$(sed -n 's|^include \(.*\)/Makefile$|\1|p' "$kdir/Makefile")
	cp -rs "$kdir" "$tmp/$1"
	cp -rs "$common" "$tmp/$1.common"
	edit "$1/Makefile" "s|$kdir|$tmp/$1|; s|$common|$tmp/$1.common|"
}

# edit FILE SCRIPT: sed, on a copy of what FILE is a link to; it must change it.
edit()
{
	local file=$tmp/$1

	cp --remove-destination "$(readlink -f "$file")" "$file.before"
	rm "$file"
	sed "$2" "$file.before" >"$file"
	! cmp -s "$file" "$file.before" || ktap_exit_fail_msg "$1 has nothing to edit"
}

# As the commits merged for it do.  The new member is last, so what is built runs here.
edit_for_7_4()
{
	edit "$1.common/include/linux/kvm_host.h" '
		/^bool file_is_kvm(/d
		/^struct kvm {/,/^};/ s/^};/\tstruct file *file;\n};/
		s/^void kvm_put_kvm(/struct kvm *file_to_kvm_x86(struct file *file);\n&/'
	edit "$1/Module.symvers" "
		/\tfile_is_kvm\t/d
		/\tkvm_[gp][eu]t_kvm\(_safe\)\?\t/ s/\tEXPORT_SYMBOL_GPL.*/\tEXPORT_SYMBOL_GPL\tmodule:kvm-amd,kvm-intel/"
}

# What is built would not run here: the kernel's function takes flags.
edit_for_5_15()
{
	edit "$1.common/include/linux/fsnotify_backend.h" '
		/^#define FSNOTIFY_GROUP_USER/d
		/fsnotify_alloc_group(/,/);/ {
			s/,[[:space:]]*$/)/; s/^[[:space:]]*int flags)//; s/, int flags)/)/
		}'
}

edit_layout()
{
	edit "$1.common/include/linux/kvm_host.h" 's/^struct kvm {/&\n\tunsigned long another;/'
}

# What another kernel's build would have made of another layout.
edit_version()
{
	edit "$1/Module.symvers" 's/^0x........\(\tkvm_put_kvm\t\)/0x12345678\1/'
}

edit_release()
{
	edit "$1/include/generated/utsrelease.h" 's/\(UTS_RELEASE "[^"]*\)/\1-another/'
}

has_versions()
{
	grep -qx CONFIG_MODVERSIONS=y "$kdir/include/config/auto.conf"
}

ktap_print_header
ktap_set_plan 9

copy next
edit_for_7_4 next
result "builds with 7.4's headers" build next "$tmp/next"
result "is linked with nothing of KVM's then" [ -z "$(links next)" ]
will next works ''

copy layout
edit_layout layout
if has_versions; then
	edit_version layout
	will layout rejected "disagrees about version of symbol kvm_put_kvm"
else
	edit_release layout
	will layout rejected "version magic"
fi
result "builds for a kernel with another struct kvm" build layout "$tmp/layout"

copy both
edit_for_7_4 both
edit_layout both
edit_release both
if has_versions; then
	will both refused "built for Linux"
else
	will both rejected "version magic"
fi
result "builds with 7.4's headers of another release" build both "$tmp/both"

copy fsnotify
edit_for_5_15 fsnotify
result "builds with 5.15's headers of fsnotify" build fsnotify "$tmp/fsnotify"

result "the rig's log is clean" try_all
result "works if built with 7.4's headers" tried next
result "is refused where struct kvm is another one" tried layout
result "is refused by another release if nothing of KVM's can be compared" tried both
ktap_finished
