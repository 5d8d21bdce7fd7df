// SPDX-License-Identifier: GPL-2.0
/* Colours of phases: text on them can be read, and they can be seen on any page. */
#include "lib/harness.h"
#include <math.h>
#include <stdio.h>

#include "dbgportctl/page/page.h"
#include "dbgportctl/timeline/palette.h"

/* Relative luminance of "#rrggbb", as WCAG 2 has it. */
static double luminance(const char *css)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	unsigned int part[3];
	double sum = 0;

	if (sscanf(css, "#%2x%2x%2x", &part[0], &part[1], &part[2]) != 3)
		return NAN;
	for (int i = 0; i < 3; i++) {
		double c = part[i] / 255.0;

		sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(const char *a, const char *b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

TEST(white_text_is_read_on_each)
{
	for (int i = 0; i < PALETTE_SIZE; i++) {
		EXPECT_LE(4.5, contrast(palette_css[i], "#ffffff")) {
			TH_LOG("%s", palette_css[i]);
		}
	}
}

/* The dark page is that of page.css. */
TEST(each_is_seen_on_a_dark_page)
{
	ASSERT_NE(NULL, strstr(page_css, "--page: #15171b;"));
	for (int i = 0; i < PALETTE_SIZE; i++) {
		EXPECT_LE(3.0, contrast(palette_css[i], "#15171b")) {
			TH_LOG("%s", palette_css[i]);
		}
	}
}

TEST_HARNESS_MAIN
