/* SPDX-License-Identifier: GPL-2.0 */
/* Labels of metrics, as Prometheus and OpenMetrics have them. */
#ifndef LIB_LABEL_H
#define LIB_LABEL_H

#include <stdio.h>

/* Write @text, any UTF-8, as it stands between a label's quotes. */
void label_print(FILE *f, const char *text);

#endif /* LIB_LABEL_H */
