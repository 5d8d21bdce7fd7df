/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM's name: what people see, and what files and links are called.
 *
 * Its owner chose what its VMM was told, so that is escaped, as in the query of a
 * URL, and can be read back: a blank becomes '+', and each byte of what a file's
 * name, a shell word or a terminal had better not have becomes %XX.  ASCII letters
 * and digits, '.', '_' and '-' stay, as do all other characters of UTF-8 that are
 * seen.  "Windows Server 2019" is Windows+Server+2019.
 *
 * What would be too long ends with '~' and a hash of it all instead.
 */
#ifndef LIB_VMNAME_H
#define LIB_VMNAME_H

#include <dbgport.h>
#include <stdbool.h>

/*
 * Longest name that is made of what a VMM was told, and its NUL.  A file's name may
 * have 255 bytes: there is room for a number, and for a link's or rotated file's end.
 */
#define VMNAME_OWN_SIZE		(200 + 1)
/* The same with a dot and a number behind. */
#define VMNAME_SIZE		(VMNAME_OWN_SIZE + 1 + 10)

/**
 * vmname_make() - what to call a VM, whatever others are called
 * @name: where the name goes
 * @vmm_name: the name that its VMM was told, any bytes; NULL or empty: none
 * @info: what the module told of the VM; NULL if it could tell nothing
 * @id: the VM's id
 *
 * The name that the module has of it, which is one of these, comes first.  Without
 * that and @vmm_name a VM is called after its VMM: command-pid.  Where the
 * VMM's process is not known any more, "vmID" stands for its pid.
 *
 * The name never begins with a dot or a dash.
 */
void vmname_make(char name[VMNAME_OWN_SIZE], const char *vmm_name,
		 const struct dbgport_vm_info *info, __u32 id);

/**
 * vmname_number() - tell a VM from others of its name
 * @own: the name
 * @name: where that goes, with ".2", ".3" … behind if it is taken
 * @taken: whether a name belongs to another VM now
 */
void vmname_number(char name[VMNAME_SIZE], const char *own, bool (*taken)(const char *name));

/* Whether @name has only characters that a name may have; "" has. */
bool vmname_is_safe(const char *name);

/* Whether @name has only ASCII letters, digits, '.', '_' and '-', and none of these in front. */
bool vmname_is_plain(const char *name);

/**
 * vmname_means() - whether a user's word is a VM's name
 * @name: the name
 * @word: as it was typed: the name itself, or what the VMM was told
 */
bool vmname_means(const char *name, const char *word);

/**
 * vmname_matches() - whether a user's shell pattern (fnmatch) fits a VM's name
 * @name: the name
 * @pattern: for the name itself, or for what the VMM was told
 */
bool vmname_matches(const char *name, const char *pattern);

#endif /* LIB_VMNAME_H */
