/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The yardstick of `make bench': the least full-screen program that loads the libraries that mxladder loads at its start, sets the locale
 * and draws as much as the demo's ladder: three rules, three hosts, four findings, hints, in colours. It moves a highlighted line on j and
 * k, and ends on q. */
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>
#include <locale.h>

enum { LINES_SHOWN = 7, GREEN = 1, RED, CYAN };

static const char *const lines[LINES_SHOWN] = {
	"10 ┬  mejlserver1.exempel.com  50 % ██████        192.0.2.10  2001:db8::10         ✔ found",
	"   └  mejlserver2.exempel.com  50 % ██████        192.0.2.11                       ✔ found",
	"20 ─  reserv.exempel.net        0 % ·             198.51.100.7                     ▲ alias",
	"✖ error   target-cname  reserv.exempel.net is an alias (of mx.exempel.one)        RFC 2181 §10.3",
	"● notice  dual-stack-pull  mejlserver1.exempel.com alone has IPv6 on its rung; the  RFC 5321 §5.2",
	"● notice  v4-only  mejlserver2.exempel.com has no IPv6 address                     RFC 5321 §5.2",
	"· info    special-address  all addresses are set apart for documentation           RFC 6890",
};

static void rule(int y)
{
	attrset(A_DIM);
	for (int x = 0; x < COLS; x++)
		mvadd_wch(y, x, WACS_HLINE);
}

static void draw(int at)
{
	attrset(A_BOLD);
	mvaddstr(0, 1, "exempel.com ▏HELD ▏TTL 12h30m ▏2 of 2 servers agree ▏DNSSEC unchecked ▏zone demo, just now");
	rule(1);
	rule(5);
	rule(LINES - 2);
	for (int i = 0; i < LINES_SHOWN; i++) {
		attrset(COLOR_PAIR(i % 3 + GREEN) | (i == at ? A_REVERSE : A_NORMAL));
		mvprintw(i + 2 + i / 3, 1, "%s %s", i == at ? "▸" : " ", lines[i]);
	}
	attrset(COLOR_PAIR(CYAN) | A_BOLD);
	mvaddstr(LINES - 1, 1, "a add  e edit  d delete  t TTL  Space mark  s simulate  r review  f findings  ? help");
	refresh();
}

int main(void)
{
	int at = 0;
	int key = 0;

	setlocale(LC_ALL, "");
	initscr();
	start_color();
	use_default_colors();
	init_pair(GREEN, COLOR_GREEN, -1);
	init_pair(RED, COLOR_RED, -1);
	init_pair(CYAN, COLOR_CYAN, -1);
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
