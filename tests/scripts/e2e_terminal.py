#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job in a real terminal by keys alone, against a real PowerDNS and its own DNS answers: open, edit, simulate,
review, approve, push, verify, roll back; a draft survives kill -9; resize, Ctrl-Z, Ctrl-L, paste; three sizes."""
import json

import dig
from lab import WORLD, Lab, mx_of, wait_until
from terminal import Terminal
from world import CONFIG, DOMAIN, NEW, OLD


def prompt(t, key, *answers):
    """A key that opens prompts, then each answer with Enter, a prompt at a time."""
    before = t.screen()
    t.keys(key)
    wait_until(lambda: t.screen() != before, 5)
    for answer in answers:
        before = t.screen()
        t.keys("C-u")
        t.type(answer)
        wait_until(lambda: t.screen() != before, 2)
        before = t.screen()
        t.keys("Enter")
        wait_until(lambda: t.screen() != before, 5)


def scrolled(t, *words):
    """Whether the words come into view, if need be a page further down, each by itself."""
    missing = set(words)
    for _ in range(12):
        t.shows(*missing, seconds=0.5)
        missing -= {word for word in missing if word in t.screen()}
        if not missing:
            return True
        t.keys("PageDown")
    return False


def opened(lab, size, name, *more):
    t = Terminal(lab, *size, name)
    t.command(DOMAIN, *more)
    lab.ok(t.shows("mejlserver1", "reserv.exempel.net"), f"{size[0]}x{size[1]}: the ladder is shown", t.screen())
    return t


def fits(lab, t, size, what):
    screen = t.screen().rstrip("\n").split("\n")
    lab.ok(len(screen) <= size[1] and all(len(line) <= size[0] for line in screen), f"{size[0]}x{size[1]}: {what} fits", t.screen())


def kept(lab):
    """(ttl, {(preference, host)}) that the draft on disk wants; None without one."""
    for text in lab.state_files("drafts").values():
        want = json.loads(text)["want"]
        return want["ttl"], mx_of(want)
    return None


def drafts(lab, wanted, name, t):
    """Each edit is on disk as soon as the screen has answered it."""
    lab.ok(wait_until(lambda: kept(lab) == wanted, 5), name, f"{kept(lab)}\n{t.screen()}")


def edits(lab, t):
    """From OLD to NEW: reserv away, mx3 in on 30, mejlserver2 to 20; TTL one hour."""
    m1, m2, reserv = sorted(OLD)
    m3 = (30, "mx3.exempel.net")
    t.keys("g")
    t.keys("Down", "Down")
    t.keys("d")
    drafts(lab, (45000, {m1, m2}), "d: the alias is out", t)
    lab.ok(t.shows("DRAFT"), "the header says DRAFT", t.screen())
    prompt(t, "a", "30 mx3.exempel.net")
    drafts(lab, (45000, {m1, m2, m3}), "a: a host is added", t)
    t.keys("g")
    t.keys("Down")
    prompt(t, "e", "20 mejlserver2.exempel.com")
    drafts(lab, (45000, NEW), "e: another preference", t)
    prompt(t, "t", "1h")
    drafts(lab, (3600, NEW), "t: the TTL is changed", t)


def undone(lab, t):
    t.keys("u")
    drafts(lab, (45000, NEW), "u: the TTL is as before", t)
    t.keys("u", "u", "u")
    lab.ok(wait_until(lambda: kept(lab) in (None, (45000, OLD)), 5), "u, u, u: nothing is left of the draft", kept(lab))
    t.keys("C-r", "C-r", "C-r", "C-r")
    drafts(lab, (3600, NEW), "Ctrl-R four times: all of it again", t)


def manners(lab, t, size):
    before = t.screen()
    t.keys("C-z")
    lab.ok(wait_until(t.stopped, 5) and t.shows("shell>"), "Ctrl-Z: suspended, the shell is back", t.screen())
    t.type("fg")
    t.keys("Enter")
    lab.ok(wait_until(lambda: not t.stopped(), 5) and wait_until(lambda: t.screen() == before, 5), "fg: the same screen again", t.screen())
    t.resize(size[0] - 20, size[1] - 6)
    wait_until(lambda: t.screen() != before, 5)
    fits(lab, t, (size[0] - 20, size[1] - 6), "after a resize the screen")
    t.resize(*size)
    lab.ok(wait_until(lambda: t.screen() == before, 5), "resized back: the same screen again", t.screen())
    t.keys("C-l")
    lab.ok(wait_until(lambda: t.screen() == before, 5), "Ctrl-L: the same screen again", t.screen())
    t.paste("dddq\n")
    lab.ok(not wait_until(lambda: t.screen() != before and "mejlserver1" not in t.screen(), 0.5) and t.pid() is not None,
           "pasted text is not run as keys", t.screen())
    t.keys("C-c")
    wait_until(lambda: t.pid() is None, 0.3)
    lab.ok(t.shows("shell>") if t.pid() is None else t.screen().strip(), "Ctrl-C: the screen stands, or the shell", t.screen())


def survives(lab, t):
    t.kill_program()
    t.type("stty sane; clear")
    t.keys("C-j")  # what was killed left the terminal raw: Enter is no line end there
    wait_until(lambda: t.screen().strip() == "shell>")
    t.command(DOMAIN)
    lab.ok(t.shows("DRAFT", "mx3.exempel.net"), "the draft has survived kill -9", t.screen())


def simulated(lab, t, size):
    t.keys("g")
    t.keys("Space")
    t.keys("s")
    lab.ok(t.shows("WHAT IF", "✖"), "Space and s: what if that host refuses", t.screen())
    lab.ok(t.shows("100 %") or t.shows("100%"), "the other gets all of it", t.screen())
    for key, title, words, what in (("Enter", "WHAT IS DOWN", ("refused",), "Enter: what may be marked"), ("m", "GAME DAY", ("lost",), "m: the game-day matrix"),
                                    ("o", "OUTAGE  1d", ("the mi",), "o: the outage"), ("w", "WHY", ("step by step",), "w: the reasons"),
                                    ("c", "CUT-OVER", ("TTL",), "c: the cut-over of the draft")):
        t.keys(key)
        lab.ok(t.shows(title, *words), what, t.screen())
        fits(lab, t, size, what)
        if key == "o":
            t.keys("+")
            lab.ok(t.shows("1d12h"), "+: a longer one", t.screen())
        t.keys("Escape")
        lab.ok(t.shows("WHAT IF"), "Escape goes back", t.screen())
    t.keys("Escape")


def pushed(lab, t, pdns):
    t.keys("r")
    t.shows("Enter open")
    t.keys("Enter")
    lab.ok(scrolled(t, "mx3.exempel.net", "PATCH"), "r: the review shows the exact request", t.screen())
    prompt(t, "A", "change 18")
    lab.ok(t.shows("pproved"), "A: approved", t.screen())
    t.keys("P")
    lab.ok(wait_until(lambda: dig.mx(pdns["dns"], DOMAIN) == (3600, NEW), 15), "P: the name server has the new set", t.screen())
    lab.ok(t.shows("127.0.0.1", seconds=15) or t.shows("ns1", seconds=1), "the propagation is shown by server", t.screen())
    t.keys("Escape")


def rolled_back(lab, t, pdns):
    t.keys("H")
    lab.ok(scrolled(t, "Remove reserv.exempel.net"), "the history knows the push", t.screen())
    lab.ok(any("change 18" in text for text in lab.state_files("journal").values()), "and the journal its note")
    t.keys("R")
    # the watch of the push ends first, and the disk is waited for
    lab.ok(t.shows("takes that push back", "DRAFT", "reserv.exempel.net"), "R: the revert is the draft", t.screen())
    t.keys("r")
    lab.ok(t.shows("REVIEW"), "r: and reviewed", t.screen())
    prompt(t, "A", "back")
    prompt(t, "P", "it was so before")
    lab.ok(wait_until(lambda: dig.mx(pdns["dns"], DOMAIN) == (45000, OLD), 15), "the name server has the old set back", t.screen())


def left(lab, t):
    t.keys("Escape", "Escape", "Escape")
    t.keys("q")
    lab.ok(t.shows("Type yes to leave"), "q asks while name servers are watched", t.screen())
    t.keys("y", "e", "s", "Enter")
    lab.ok(wait_until(lambda: t.pid() is None, 5) and t.shows("shell>"), "and leaves", t.screen())
    t.close()


def main():
    Lab.need("pdns_server", "sqlite3", "tmux")
    with Lab() as lab:
        pdns = lab.serve("pdns.py", "--state", WORLD)
        resolver = lab.serve("liar.py", "--state", WORLD)
        lab.configure(CONFIG.format(port=pdns["port"], key=pdns["dir"] + "/key", resolver=resolver["port"]))
        server = ("--server", f"127.0.0.1:{pdns['dns']}")
        for size in ((100, 30), (80, 24), (40, 12)):
            lab.forget()
            t = opened(lab, size, f"t{size[0]}", *server)
            fits(lab, t, size, "the ladder")
            for key, what in (("?", "help"), ("s", "simulate"), ("r", "review")):
                before = t.screen()
                t.keys(key)
                wait_until(lambda: t.screen() != before, 3)
                fits(lab, t, size, what)
                t.keys("Escape")
                wait_until(lambda: t.screen() == before, 3)
            edits(lab, t)
            undone(lab, t)
            if size[0] > 40:
                manners(lab, t, size)
            survives(lab, t)
            simulated(lab, t, size)
            pushed(lab, t, pdns)
            rolled_back(lab, t, pdns)
            left(lab, t)


if __name__ == "__main__":
    main()
