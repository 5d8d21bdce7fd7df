// SPDX-License-Identifier: GPL-2.0
/* What --port and --output say. */
#include "lib/harness.h"

#include "dbgportctl/follow/form.h"
#include "lib/codes.h"
#include "words/format.h"

FIXTURE(form)
{
	struct form form;
	char why[512];
};

FIXTURE_SETUP(form)
{
	self->form = (struct form){ 0 };
}

FIXTURE_TEARDOWN(form)
{
	form_free(&self->form);
}

/* --output @text is understood, where several VMs may come. */
#define EXPECT_FORM(text) \
	EXPECT_EQ(0, form_parse(&self->form, text, true, self->why, sizeof(self->why)))

/* It is not, for this reason. */
#define EXPECT_REFUSED(text, reason) do {	\
	EXPECT_EQ(-1, form_parse(&self->form, text, true, self->why, sizeof(self->why))); \
	EXPECT_STREQ(reason, self->why);	\
} while (0)

#define EXPECT_PORT(text) \
	EXPECT_EQ(0, form_add_port(&self->form, text, self->why, sizeof(self->why)))

TEST_F(form, is_text_with_times_where_nothing_is_said)
{
	EXPECT_FORM(NULL);
	EXPECT_EQ(&format_text, self->form.format);
	EXPECT_EQ(STAMP_VM, self->form.style.time);
	EXPECT_EQ(LABEL_AUTO, self->form.style.label);
	EXPECT_STREQ("Firmware", code_component(self->form.codes, 0x10));
}

TEST_F(form, has_no_label_for_one_vm)
{
	EXPECT_EQ(0, form_parse(&self->form, "text", false, self->why, sizeof(self->why)));
	EXPECT_EQ(LABEL_NO, self->form.style.label);
}

TEST_F(form, has_a_label_for_one_vm_that_asks_for_it)
{
	EXPECT_EQ(0, form_parse(&self->form, "label=yes", false, self->why, sizeof(self->why)));
	EXPECT_EQ(LABEL_YES, self->form.style.label);
}

TEST_F(form, takes_settings_in_any_order)
{
	EXPECT_FORM(" json=write , format=json,data=bytes,vm=ci-[0-9,x]*");
	EXPECT_EQ(&format_json, self->form.format);
	EXPECT_EQ(JSON_WRITE, self->form.style.json);
	EXPECT_EQ(FORM_BYTES, self->form.data);
	EXPECT_STREQ("ci-[0-9,x]*", self->form.vm);
}

TEST_F(form, of_codes_alone_is_post)
{
	EXPECT_PORT("post");
	EXPECT_FORM("seconds=original");
	EXPECT_EQ(&format_post, self->form.format);
}

TEST_F(form, of_codes_and_bytes_is_text)
{
	EXPECT_PORT("post");
	EXPECT_PORT("console");
	EXPECT_FORM("time=none,storm=show");
	EXPECT_EQ(&format_text, self->form.format);
}

TEST_F(form, has_all_ports_where_none_is_named)
{
	EXPECT_TRUE(form_has_port(&self->form, 0x80));
	EXPECT_TRUE(form_has_port(&self->form, 0x3f8));
	EXPECT_PORT("0x3f8");
	EXPECT_FALSE(form_has_port(&self->form, 0x80));
	EXPECT_TRUE(form_has_port(&self->form, 0x3f8));
	EXPECT_PORT("any");
	EXPECT_TRUE(form_has_port(&self->form, 0x80));
}

TEST_F(form, has_codes_on_the_post_port_unless_told_otherwise)
{
	EXPECT_TRUE(form_takes_codes(&self->form, 0x80));
	EXPECT_FALSE(form_takes_codes(&self->form, 0xe9));
	self->form.data = FORM_CODES;
	EXPECT_TRUE(form_takes_codes(&self->form, 0xe9));
	self->form.data = FORM_BYTES;
	EXPECT_FALSE(form_takes_codes(&self->form, 0x80));
}

TEST_F(form, names_codes_by_the_table)
{
	EXPECT_FORM("text,table=coreboot");
	EXPECT_NE(NULL, code_name(self->form.codes, 0x01));
}

TEST_F(form, unknown_format_is_told)
{
	EXPECT_REFUSED("morse",
		       "format=morse is not known; known are raw, unsafe-raw, text, json, post, cloud-hypervisor");
}

TEST_F(form, unknown_key_is_told)
{
	EXPECT_REFUSED("text,colour=red",
		       "colour= is not known; known are format, vm, data, table, time, label, json, storm, seconds, colours");
}

TEST_F(form, unknown_value_is_told)
{
	EXPECT_REFUSED("text,data=words", "data=words is not known; it is auto|bytes|codes");
}

TEST_F(form, format_that_is_said_twice_is_told)
{
	EXPECT_REFUSED("text,json", "format= is said twice");
}

TEST_F(form, key_that_is_said_twice_is_told)
{
	EXPECT_REFUSED("vm=a,vm=b", "vm= is said twice");
}

TEST_F(form, key_that_the_format_does_not_know_is_told)
{
	EXPECT_REFUSED("json,time=vm", "time= is not for format json, but for: text");
}

TEST_F(form, key_of_codes_where_none_come_is_told)
{
	EXPECT_PORT("console");
	EXPECT_REFUSED("text,table=ami",
		       "table= is for POST codes, and none come here: port 0x80, or data=codes");
}

TEST_F(form, empty_pattern_is_told)
{
	EXPECT_REFUSED("text,vm=", "vm= is empty; it takes GLOB");
}

TEST_F(form, quote_without_its_end_is_told)
{
	EXPECT_REFUSED("text,vm=\"x", "quotes or brackets do not match");
}

TEST_F(form, more_ports_than_a_vm_can_have_are_told)
{
	char port[12], why[128];

	for (int i = 0; i < DBGPORT_MAX_PORTS; i++) {
		snprintf(port, sizeof(port), "%d", i);
		EXPECT_PORT(port);
	}
	EXPECT_EQ(-1, form_add_port(&self->form, "99", self->why, sizeof(self->why)));
	snprintf(why, sizeof(why), "--port 99: no VM has more than %d", DBGPORT_MAX_PORTS);
	EXPECT_STREQ(why, self->why);
}

TEST_HARNESS_MAIN
