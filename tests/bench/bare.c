/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The yardstick of `make bench': the least full-screen program that loads the libraries mxladder loads. It draws a screen of
 * text, moves a highlighted line on j and k, and ends on q. */
#include <curses.h>

enum { LINES_SHOWN = 12 };

static void draw(int at)
{
	for (int i = 0; i < LINES_SHOWN; i++) {
		attrset(i == at ? A_REVERSE : A_NORMAL);
		mvprintw(i, 1, "%5d mejlserver%d.exempel.com   192.0.2.%d", i * 10, i, i);
	}
	refresh();
}

int main(void)
{
	int at = 0;
	int key = 0;

	initscr();
	raw();
	noecho();
	do {
		draw(at);
		key = getch();
		if (key == 'j' && at < LINES_SHOWN - 1)
			at++;
		else if (key == 'k' && at > 0)
			at--;
	} while (key != 'q');
	endwin();
	return 0;
}
