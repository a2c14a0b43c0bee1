/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/addresses.h"

#include <string.h>

#include "base/banned.h"

#define LEAST_ADDRESS 6 /* cells of one that is cut */

/* Cells of " +12". */
static int count_width(size_t rest)
{
	return !rest ? 0 : rest < 10 ? 3 : 4;
}

/* The first one, where it does not fit whole: its beginning. False: there is no room for that. */
static bool draw_cut(struct pen *own, const struct host_facts *host, int right)
{
	struct pen cut = pen_until(own->canvas, own->x, own->y, right);
	char text[ADDR_TEXT_MAX];

	if (right - own->x < LEAST_ADDRESS)
		return false;
	pen_put(&cut, ROLE_ADDRESS, addr_text(&host->addr[0], text));
	own->x = cut.x;
	return true;
}

void addresses_draw(struct pen *own, const struct host_facts *host)
{
	char text[ADDR_TEXT_MAX];
	size_t shown = 0;

	for (; host && shown < host->n_addr; shown++) {
		int left = count_width(host->n_addr - shown - 1 + host->more);

		addr_text(&host->addr[shown], text);
		if (own->x + (shown ? 2 : 0) + (int)strlen(text) + left > own->right) {
			shown += !shown && draw_cut(own, host, own->right - left);
			break;
		}
		if (shown)
			pen_put(own, ROLE_TEXT, "  ");
		pen_put(own, ROLE_ADDRESS, text);
	}
	if (host && host->n_addr && (shown < host->n_addr || host->more))
		pen_putf(own, ROLE_ADDRESS, shown ? " +%zu" : "+%zu", host->n_addr - shown + host->more);
}
