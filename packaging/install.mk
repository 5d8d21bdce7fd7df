# SPDX-License-Identifier: GPL-2.0
#
# Installing and its opposite, for Makefiles that list in INSTALLED what they
# install, each as MODE:FILE:PATH.  INSTALLED_DIRS are of ours alone, and go when
# they are empty.

each = for each in $(INSTALLED); do \
		mode=$${each%%:*} path=$${each\#\#*:}; \
		file=$${each\#*:}; file=$${file%:*}; $(1) || exit; \
	done

install_files = @$(call each,echo "  INSTALL $$path" && install -Dm$$mode $$file $(DESTDIR)$$path)

uninstall_files = @$(call each,rm -f $(DESTDIR)$$path); \
	for dir in $(INSTALLED_DIRS); do \
		if [ -d $(DESTDIR)$$dir ]; then \
			rmdir --ignore-fail-on-non-empty $(DESTDIR)$$dir || exit; \
		fi; \
	done
