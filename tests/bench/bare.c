/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The yardstick of `make bench': the least full-screen program that loads the libraries that mxladder loads at its start, sets the locale
 * with its catalogue of messages and draws as much as mxladder's first frame of the demo: its home at 120x40, each cell, in its colours. It
 * moves the highlight over the three hosts on j and k, and ends on q. */
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>
#include <locale.h>
#include <string.h>

#include "base/i18n.h"

enum { DIVIDE = 73, TOP = 1, MIDDLE = 6, BOTTOM = 38 }; /* where the rules stand */

/* A ^ and a letter: from there on in that look. */
static const struct {
	char letter;
	short colour;
	attr_t attributes;
} looks[] = {
	{ 'n', -1, A_NORMAL },
	{ 'b', -1, A_BOLD },
	{ 'l', 243, A_NORMAL },
	{ 'd', 247, A_NORMAL },
	{ 't', 245, A_NORMAL },
	{ 'g', 77, A_NORMAL },
	{ 'G', 77, A_BOLD },
	{ 'c', 80, A_NORMAL },
	{ 'C', 80, A_BOLD },
	{ 'R', 203, A_BOLD },
};

enum { LOOKS = sizeof(looks) / sizeof(*looks), HOSTS = 3 };

static const int host_rows[HOSTS] = { 2, 3, 5 };

static const struct {
	int y, x;
	const char *text;
} texts[] = {
	{ 0, 1, "^bexempel.com ^l▏^GHELD ^l▏^nTTL 12h30m ^l▏^n2/2 servers agree ^l▏^nDNSSEC unchecked ^l▏^nzone demo, just now ^l▏^naccount demo" },
	{ 1, 1, "^C▸^bLadder^n  ^gworst if one is down: ✔ 0s–10m (RFC 5321)^n " },
	{ 1, 63, "^b if down " },
	{ 1, 75, "^C ^bmejlserver1.exempel.com^n " },
	{ 2, 0, "^n▸   10 ┬  mejlserver1.exempel.com  50 % ██████        ✔ found ✔ 0s–10m" },
	{ 2, 75, "^daddresses^n  192.0.2.10, 1h" },
	{ 3, 7, "^t└^n  mejlserver2.exempel.com  50 % ^g██████^n        ^g✔ found^n ^g✔ 0s–5m" },
	{ 3, 86, "^n2001:db8::10, 1h" },
	{ 4, 7, "^t│" },
	{ 4, 75, "^dzone^n       exempel.com: ns1.exempel.com," },
	{ 5, 1, "^C   20^n ^t─^n  reserv.exempel.net        0 % ^d·^n             ^R▲ alias^n ^g✔ no delay" },
	{ 5, 86, "^nns2.exempel.com" },
	{ 6, 1, "^C ^bFindings^n 1 error, 2 notices " },
	{ 6, 75, "^dport 25^n    ^d·^n ^dnot probed" },
	{ 7, 1, "^R✖^n ^Rerror^n   reserv.exempel.net is an alias (of mx.exempel.one)" },
	{ 7, 75, "^bIf it alone is silent" },
	{ 8, 3, "^dA target must lead to an address without a CNAME. Some senders refuse" },
	{ 8, 75, "^nmejlserver2.exempel.com takes 100 % of the" },
	{ 9, 3, "^dan alias, and a server cannot find itself in the list by it, so mail" },
	{ 9, 75, "^nmail (RFC 5321)." },
	{ 10, 3, "^dmay loop." },
	{ 10, 75, "^g✔^n ^g0s–10m^n       RFC 5321" },
	{ 11, 3, "^cfix: rename reserv.exempel.net mx.exempel.one" },
	{ 11, 75, "^g✔^n ^g0s–4m20s^n     the mix of all senders" },
	{ 12, 1, "^c●^n ^cnotice^n  mejlserver1.exempel.com alone has IPv6 on its rung; these" },
	{ 12, 75, "^g✔^n ^g0s–1m^n        Postfix 3.7, notqmail," },
	{ 13, 11, "^nsenders favour it: Postfix 3.7, Exim 4.96 (Debian), dma 0.13" },
	{ 13, 90, "^nExchange Online" },
	{ 14, 3, "^dEqual preference is no equal share. Exim tries the IPv6 addresses of" },
	{ 14, 75, "^g✔^n ^g2m10s–4m20s^n  Exim 4.96 (Debian)" },
	{ 15, 3, "^da rung before the IPv4 ones, so a host that alone has IPv6 gets all" },
	{ 15, 75, "^g✔^n ^g0s–4m^n        Sendmail 8.17 (Debian)" },
	{ 16, 3, "^dof its mail beside one equal and two thirds beside two; dma, too," },
	{ 16, 75, "^g✔^n ^g4s^n           OpenSMTPD 6.8" },
	{ 17, 3, "^dtries the IPv6 addresses of a rung first; Postfix draws among" },
	{ 17, 75, "^g✔^n ^g4m20s^n        dma 0.13" },
	{ 18, 3, "^daddresses, and two addresses are drawn twice as often." },
	{ 18, 75, "^g✔^n ^g0s–2m^n        Courier 1.0, Gmail" },
	{ 19, 1, "^c●^n ^cnotice^n  mejlserver2.exempel.com has no IPv6 address" },
	{ 20, 3, "^dSenders that have IPv6 alone cannot reach such a server; the others" },
	{ 21, 3, "^duse IPv4." },
	{ 22, 1, "^n· info    all addresses are set apart for documentation: this is an" },
	{ 23, 11, "^nexample" },
	{ 24, 3, "^dPrivate, loopback, link-local and reserved addresses lead senders" },
	{ 25, 3, "^dnowhere, or to themselves. At 127.0.0.0/8 or 0.0.0.0 Postfix returns" },
	{ 26, 3, "^dthe mail, OpenSMTPD sends it round and round to itself; Exim as" },
	{ 27, 3, "^dDebian sets it up leaves these and private addresses out." },
	{ 33, 74, "^l─ ^bWho answers what^n ^l───────────────────────────" },
	{ 34, 75, "^naccount demo                ^g✔^n ^gset A" },
	{ 35, 75, "^nns1.exempel.com  192.0.2.1  ^g✔^n ^gset A" },
	{ 36, 75, "^nns2.exempel.com  192.0.2.2  ^g✔^n ^gset A" },
	{ 37, 75, "^nzone demo                   ^g✔^n ^gset A" },
	{ 39, 1,
		"^CTab^n pane  ^Ca^n add  ^Ce^n edit  ^Cd^n delete  ^CJ^n lower  ^CK^n raise  ^C=^n level  ^Ct^n TTL  ^CSpace^n mark  ^Cs^n simulate  ^Cf^n findings  ^C?^n help  ^Cq^n quit" },
};

static void look(char letter, attr_t more)
{
	for (int i = 0; i < LOOKS; i++)
		if (looks[i].letter == letter)
			attrset(looks[i].attributes | COLOR_PAIR(looks[i].colour < 0 ? 0 : i) | more);
}

static void rule(int y, int width)
{
	for (int x = 0; x < width; x++)
		mvadd_wch(y, x, WACS_HLINE);
}

static void put(int y, int x, const char *text, attr_t more)
{
	move(y, x);
	while (*text) {
		size_t n = strcspn(text, "^");

		addnstr(text, (int)n);
		text += n;
		if (*text) {
			look(text[1], more);
			text += 2;
		}
	}
}

static void draw(int at)
{
	look('l', A_NORMAL);
	rule(TOP, COLS);
	rule(MIDDLE, DIVIDE);
	rule(BOTTOM, COLS);
	for (int y = TOP; y <= BOTTOM; y++)
		mvadd_wch(y, DIVIDE, WACS_VLINE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		put(texts[i].y, texts[i].x, texts[i].text, texts[i].y == host_rows[at] && texts[i].x < DIVIDE ? A_REVERSE : A_NORMAL);
	refresh();
}

static void set_language(void)
{
	setlocale(LC_ALL, "");
#ifdef ENABLE_NLS
	bindtextdomain(PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
	gettext("open the interface"); /* the first one looks for the catalogue */
#endif
}

int main(void)
{
	int at = 0;
	int key = 0;

	set_language();
	initscr();
	start_color();
	use_default_colors();
	for (short i = 0; i < LOOKS; i++)
		if (looks[i].colour >= 0)
			init_pair(i, looks[i].colour, -1);
	raw();
	noecho();
	do {
		draw(at);
		key = getch();
		if (key == 'j' && at < HOSTS - 1)
			at++;
		else if (key == 'k' && at > 0)
			at--;
	} while (key != 'q');
	endwin();
	return 0;
}
