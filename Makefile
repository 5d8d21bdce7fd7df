# SPDX-License-Identifier: GPL-2.0
#
# make			user space, and the module if the running kernel's headers are there
# make modules KDIR=…	the module for another kernel; builds do not disturb each other
# make demo		the main job, on real firmware, in an emulated host
# make check		all tests
# make bench		what a debug byte costs, against everybody; a quarter of an hour, and
#			another the first time, to build a QEMU
# make fuzz		made-up input for all that parses; FUZZ_SECONDS=300 for each target
# make check-kernels	the module on every kernel that is to be had; an hour or more
# make check-builds	user space with other Debians' compilers and flags
# make check-intel	the module on Intel's CPUs, with IBT, emulated; half an hour or more
# make check-firmware	firmware of three Debians and OVMF, on QEMU's machines; hours,
#			and half an hour the first time, to build OVMF and what it runs in
# make check-packages	make deb, and what becomes of the packages where they are installed
# make check-stalls	whether boots of Linux stall more often with a claimed console; an hour
# make check-timeline	pages in Chromium, traces in Perfetto's trace processor
# make check-debug	the same on kernels that look for misuse, races and leaks
# make debug-kernel	builds these kernels, once; check-debug does it too
# make install		user space; honours PREFIX and DESTDIR
# make modules_install	the module, for the kernel of KDIR; honours DESTDIR
# make sign		the module, for the kernel of KDIR; honours SIGN_KEY and SIGN_CERT
# make install-guest	dbgport-mark and what calls it at a Linux guest's boot; run it in the guest
# make deb		Debian's packages, in build/deb
# make uninstall, modules_uninstall, uninstall-guest	the opposites, with the same variables

# make takes a path with a blank for two.
ifneq ($(words $(CURDIR)),1)
$(error dbgport cannot be built in a directory whose path has a blank: move it from "$(CURDIR)")
endif

PREFIX	?= /usr/local
KDIR	?= /lib/modules/$(shell uname -r)/build
BUILD	:= $(CURDIR)/build

# The BTF of a kernel's headers is of no use to us and would need pahole, and
# Debian's headers come without the key that they want modules signed with.
kbuild	= $(MAKE) --no-print-directory -C $(KDIR) M=$(BUILD)/$(release) \
	  CONFIG_DEBUG_INFO_BTF_MODULES= \
	  $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

# What uname -r says there; Debian's $(utsrelease) is not that.
utsrelease = include/generated/utsrelease.h
release	= $(or $(shell sed -n 's/.* UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/$(utsrelease) 2>/dev/null), \
	  $(error $(KDIR) is no built kernel tree: install linux-headers-$(shell uname -r), or give KDIR=))
sources	:= Kbuild $(wildcard module/*.[ch] module/uapi/*.h)

all: userspace $(if $(wildcard $(KDIR)/$(utsrelease)),modules)

userspace:
	@$(MAKE) --no-print-directory -C userspace BUILD=$(BUILD)/userspace PREFIX=$(PREFIX)
	@$(MAKE) --no-print-directory -C userspace/mark BUILD=$(BUILD)/userspace

# Each kernel gets a tree of links of its own to build in.
modules:
	@for f in $(sources); do \
		mkdir -p $(BUILD)/$(release)/$$(dirname $$f) && \
		ln -sf $(CURDIR)/$$f $(BUILD)/$(release)/$$f || exit; \
	done
	+$(kbuild) modules

# For Secure Boot: with the host's key, DKMS's, which is made where there is none.
SIGN_KEY ?= /var/lib/dkms/mok.key
SIGN_CERT ?= /var/lib/dkms/mok.pub

sign: modules
	@packaging/sign $(KDIR) $(SIGN_KEY) $(SIGN_CERT) $(BUILD)/$(release)/dbgport.ko

# A signature stands at the end, and would be stripped with what debuggers need.
is_signed = $(shell tail -c 28 $(BUILD)/$(release)/dbgport.ko | grep -a '^~Module signature')

modules_install: modules
	+$(kbuild) modules_install INSTALL_MOD_PATH=$(DESTDIR) \
		INSTALL_MOD_STRIP=$(if $(is_signed),,1)
	$(if $(DESTDIR),,depmod $(release))

modules_uninstall:
	rm -f $(addprefix $(DESTDIR)/lib/modules/$(release)/,$(foreach dir,updates extra,\
		$(addprefix $(dir)/dbgport.ko,"" .xz .zst .gz)))
	$(if $(DESTDIR),,depmod $(release))

DOCS := $(wildcard Documentation/*.rst Documentation/*.svg)
UNITDIR ?= $(PREFIX)/lib/systemd/system
INSTALLED := \
	644:packaging/60-dbgport.rules:$(PREFIX)/lib/udev/rules.d/60-dbgport.rules \
	644:packaging/dbgport.conf:$(PREFIX)/lib/modprobe.d/dbgport.conf \
	644:packaging/dbgport.sysusers:$(PREFIX)/lib/sysusers.d/dbgport.conf \
	644:packaging/dbgport.tmpfiles:$(PREFIX)/lib/tmpfiles.d/dbgport.conf \
	644:packaging/dbgportd.service:$(UNITDIR)/dbgportd.service \
	644:packaging/dbgport-otlp.service:$(UNITDIR)/dbgport-otlp.service \
	644:module/uapi/dbgport.h:$(PREFIX)/include/linux/dbgport.h \
	$(foreach doc,README.md $(DOCS),644:$(doc):$(PREFIX)/share/doc/dbgport/$(notdir $(doc)))
INSTALLED_DIRS := $(PREFIX)/share/doc/dbgport

include packaging/install.mk

in_userspace = $(MAKE) --no-print-directory -C userspace$(1) BUILD=$(BUILD)/userspace \
	PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

# Without DESTDIR the host is to have the user that the service runs as.
install: userspace
	$(in_userspace) install
	$(install_files)
	$(if $(DESTDIR),,-systemd-sysusers $(PREFIX)/lib/sysusers.d/dbgport.conf)

uninstall:
	$(in_userspace) uninstall
	$(uninstall_files)

install-guest:
	$(call in_userspace,/mark) install

uninstall-guest:
	$(call in_userspace,/mark) uninstall

deb:
	@selftests/setup deb
	@packaging/build_deb

demo:
	@selftests/demo/run

check:
	@selftests/setup check
	@selftests/check

bench:
	@selftests/setup bench
	@selftests/bench/run

fuzz:
	@selftests/setup fuzz
	@selftests/fuzz/run

check-kernels:
	@selftests/setup debug
	@selftests/check_kernels

check-builds:
	@selftests/setup packages
	@selftests/check_builds

check-firmware:
	@selftests/setup firmware
	@selftests/check firmware

check-fleet:
	@selftests/setup fleet
	@selftests/check fleet

check-intel:
	@selftests/setup check
	@selftests/check -c intel

debug-kernel:
	@selftests/setup debug
	@for kernel in debug kcsan; do selftests/vm/kernel $$kernel || exit; done

check-packages:
	@selftests/setup packages
	@packaging/build_deb
	@selftests/check packages

check-stalls:
	@selftests/setup firmware
	@selftests/check_stalls

check-timeline:
	@selftests/setup browser
	@selftests/check browser timeline

check-debug: debug-kernel
	@DBGPORT_RIG_TIMEOUT=7200 selftests/check -k debug -k kcsan debug module

clean:
	rm -rf $(BUILD)

.PHONY: all userspace modules sign modules_install modules_uninstall demo clean
.PHONY: install uninstall install-guest uninstall-guest
.PHONY: bench deb check check-builds check-debug check-firmware check-fleet check-intel \
	check-kernels check-packages check-stalls
.PHONY: check-timeline debug-kernel fuzz
