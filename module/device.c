// SPDX-License-Identifier: GPL-2.0
/* device.c - /dev/dbgport */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "device.h"
#include "ioctl.h"
#include "reader.h"

static const struct file_operations device_fops = {
	.owner		= THIS_MODULE,
	.open		= dbgport_reader_open,
	.release	= dbgport_reader_release,
	.read_iter	= dbgport_reader_read_iter,
	.poll		= dbgport_reader_poll,
	.unlocked_ioctl	= dbgport_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice device_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "dbgport",
	.fops	= &device_fops,
	.mode	= 0660,
};

/**
 * dbgport_device_init() - register /dev/dbgport
 *
 * It may be opened before this returns.
 *
 * Return: 0 or a negative error.
 */
int dbgport_device_init(void)
{
	return misc_register(&device_misc);
}

/** dbgport_device_exit() - /dev/dbgport is no more; it is open nowhere */
void dbgport_device_exit(void)
{
	misc_deregister(&device_misc);
}
