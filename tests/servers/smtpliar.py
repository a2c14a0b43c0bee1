#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""smtpliar.py [--net 127.1.1] [--log FILE] [--deliver N]: mail servers that misbehave, one at each address of a network of this machine.

All listen on one port (prints `dir PATH`, then `port N`); NET.N is the N-th of MANNERS, nothing listens at NET.250.
The directory holds ca.pem, the authority that vouches for the good certificates, and chain-NAME.pem, what each server
shows. The log gets every line that a client says, as `NAME LINE`. With --deliver those that are up take mail, and some for *.example.com stand at
NET.101 to NET.(100 + N) too; a message that was taken is a line `took SECONDS ADDRESS RECIPIENT`. All certificates name mx.example.com, but for the wrong one.
"""
import argparse
import os
import random
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import warnings

import service

warnings.simplefilter("ignore", DeprecationWarning)      # of old TLS, which is what is wanted

HELLO = b"220 mx.example.com ESMTP\r\n"
CLEAR = b"250-mx.example.com\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"
OFFER = b"250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n"
INSIDE = b"250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 20480000\r\n250 8BITMIME\r\n"
GO = b"220 go ahead\r\n"
# name -> greeting, EHLO, HELO, STARTTLS, certificate; None: hangs up there; a word: what else
MANNERS = [
    ("none",),
    ("good", HELLO, OFFER, None, GO, "good"),                       # .1
    ("self-signed", HELLO, OFFER, None, GO, "self"),
    ("wrong-name", HELLO, OFFER, None, GO, "wrong"),
    ("expired", HELLO, OFFER, None, GO, "expired"),
    ("no-starttls", HELLO, CLEAR, None, None, None),                # .5
    ("starttls-454", HELLO, OFFER, None, b"454 4.7.0 TLS not available\r\n", None),
    ("tls-garbage", HELLO, OFFER, None, GO, "garbage"),
    ("tls-closed", HELLO, OFFER, None, GO, "closed"),
    ("greeting-421", b"421 4.3.2 too busy\r\n", None, None, None, None),
    ("greeting-554", b"554-no\r\n554 mail here\r\n", None, None, None, None),   # .10
    ("drop", None, None, None, None, None),
    ("mute", "mute", None, None, None, None),
    ("ehlo-421", HELLO, b"421 later\r\n", None, None, None),
    ("ehlo-550", HELLO, b"550 no\r\n", b"550 never\r\n", None, None),
    ("helo", HELLO, b"502 what\r\n", b"250 mx.example.com\r\n", None, None),    # .15
    ("ssh", b"SSH-2.0-OpenSSH_9.2\r\n", None, None, None, None),
    ("slow", "slow", OFFER, None, GO, "good"),
    ("tls10", HELLO, OFFER, None, GO, "old"),
    ("tls-mute", HELLO, OFFER, None, GO, "mute"),
    ("ehlo-closed", HELLO, None, None, None, None),                 # .20
    ("small-pieces", HELLO, OFFER, None, GO, "pieces"),
    ("full", "full", None, None, None, None),
    ("starttls-502", HELLO, OFFER, None, b"502 what\r\n", None),
    ("partner", HELLO, OFFER, None, GO, "intermediate"),
    ("wildcard", HELLO, OFFER, None, GO, "wildcard"),               # .25
    ("static-rsa", HELLO, OFFER, None, GO, "static"),
    ("short-lived", HELLO, OFFER, None, GO, "ending"),
    *((name, HELLO, CLEAR, None, None, None) for name in (          # .28
        "strict", "takes-all", "greylists", "refuses-us", "busy")),
    ("strict-tls", HELLO, OFFER, None, GO, "good"),                 # .33
    *((name, HELLO, CLEAR, None, None, None) for name in (          # .34
        "sender-451", "sender-550", "hangs-up", "odd-answer", "two-answers", "leaves",
        "busy-too")),                                               # .40
    ("endless-banner", "endless", None, None, None, None),
    ("endless-line", b"220 " + b"x" * 1000000, None, None, None, None),
    ("escapes", b"220 \x1b]0;owned\x07\x1b[2J\x9b31m\0\xff mx\r\n", b"250-\x1b[1m\r\n250 SIZE 7\x1b\r\n", None, None, None),
    ("ehlo-10000", HELLO, b"250-X-MORE\r\n" * 10000 + b"250 END\r\n", None, None, None),
    ("injects", HELLO, OFFER, None, GO + b"250-evil\r\n250 DSN\r\n", "good"),     # .45
    ("many-names", HELLO, OFFER, None, GO, "many"),
    ("odd-names", HELLO, OFFER, None, GO, "odd"),
    ("drips", "drips", None, None, None, None),
    ("huge-certificate", HELLO, OFFER, None, GO, "huge"),
    ("endless-tls", HELLO, OFFER, None, GO, "records"),                           # .50
]
WILDCARD = next(manner for manner in MANNERS if manner[0] == "wildcard")
OK, NOBODY, NO_RELAY = b"250 2.1.5 Ok\r\n", b"550 5.1.1 User unknown\r\n", b"554 5.7.1 Relay access denied\r\n"
GREY, BLOCKED, LATER = b"450 4.2.0 Greylisted, come back\r\n", b"554 5.7.1 Client host blocked\r\n", b"451 4.3.0 later\r\n"
# name -> what MAIL, and RCPT for postmaster, for a made-up address and for a stranger's are answered; the others know no MAIL
TAKES = {
    "strict": (OK, OK, NOBODY, NO_RELAY), "strict-tls": (OK, OK, NOBODY, NO_RELAY), "takes-all": (OK, OK, OK, OK),
    "greylists": (OK, OK, GREY, NO_RELAY), "refuses-us": (OK, BLOCKED, BLOCKED, BLOCKED), "busy": (OK, LATER, LATER, LATER), "busy-too": (OK, LATER, LATER, LATER),
    "sender-451": (LATER, OK, OK, OK), "sender-550": (b"550 no bounces here\r\n", OK, OK, OK), "hangs-up": (OK, None, None, None),
    "odd-answer": (OK, b"354 go\r\n", OK, OK), "two-answers": (OK, OK + OK, OK, OK), "leaves": (OK, b"421 enough\r\n", OK, OK),
}
WAITS, DELIVERS = 20, 400


class Certificates:
    """Made by the openssl command: an authority, and one certificate a manner."""

    def __init__(self, directory):
        self.dir = directory
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "90", "-subj", "/CN=a test's own CA")
        self.make("good", "mx.example.com")
        self.make("wrong", "mail.example.net")
        self.make("wildcard", "*.example.com")
        self.make("expired", "mx.example.com", dates=("20200101000000Z", "20200201000000Z"))
        self.make("ending", "mx.example.com", dates=(self.stamp(-80), self.stamp(3)))
        self.make("rsa", "mx.example.com", key=["-newkey", "rsa:2048"])
        self.run("x509", "-req", "-in", "good.csr", "-signkey", "good.key", "-days", "30", "-extfile", "good.ext", "-out", "chain-self.pem")
        shutil.copy(self.path("good.key"), self.path("self.key"))
        self.make("many", ",DNS:".join(["mx.example.com"] + [f"n{i}.example.com" for i in range(1000)]))
        self.make("odd", "\x1b[31mevil.example.com,DNS:mx.example.com")
        self.make("huge", ",DNS:".join(["mx.example.com"] + [f"n{i}.example.com" for i in range(6000)]))
        self.intermediate()

    @staticmethod
    def stamp(days):
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 86400 * days))

    def path(self, name):
        return os.path.join(self.dir, name)

    def run(self, *words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.dir)

    def make(self, name, host, dates=None, issuer="ca", key=("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), extra=""):
        with open(self.path(name + ".ext"), "w", encoding="utf-8") as f:
            f.write(f"subjectAltName=DNS:{host}\n{extra}")
        self.run("req", *key, "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + host.split(",")[0][:60])
        if not dates:
            self.run("x509", "-req", "-in", name + ".csr", "-CA", issuer + ".pem", "-CAkey", issuer + ".key", "-CAcreateserial", "-days", "60", "-extfile", name + ".ext", "-out", f"chain-{name}.pem")
            return
        for file, text in (("index.txt", ""), ("serial", "01\n")):
            with open(self.path(file), "w", encoding="utf-8") as f:
                f.write(text)
        with open(self.path("ca.cnf"), "w", encoding="utf-8") as f:
            f.write("[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\npolicy=p\ndefault_md=sha256\nunique_subject=no\n[p]\ncommonName=supplied\n")
        self.run("ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", name + ".csr", "-startdate", dates[0], "-enddate", dates[1], "-extfile", name + ".ext", "-out", f"chain-{name}.pem")

    def intermediate(self):
        """A chain of two, and the root beside it."""
        self.make("sub", "sub.example.net", extra="basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n")
        shutil.copy(self.path("chain-sub.pem"), self.path("sub.pem"))
        self.make("leaf", "mx.example.com", issuer="sub")
        with open(self.path("chain-intermediate.pem"), "w", encoding="utf-8") as out:
            for part in ("chain-leaf.pem", "sub.pem", "ca.pem"):
                with open(self.path(part), encoding="utf-8") as f:
                    out.write(f.read())
        shutil.copy(self.path("leaf.key"), self.path("intermediate.key"))

    def context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        file = {"old": "rsa", "static": "rsa", "pieces": "good"}.get(name, name)
        if name == "old":
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        elif name == "static":
            context.set_ciphers("AES128-SHA:@SECLEVEL=0")
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.path(f"chain-{file}.pem"), self.path(file + ".key"))
        return context


class Talk:
    def __init__(self, manner, certificates, log):
        self.name, self.greeting, self.ehlo, self.helo, self.starttls, self.tls = manner
        self.certificates, self.log, self.secure, self.begun = certificates, log, False, False
        self.takes, self.to = TAKES.get(self.name) or ((OK,) * 4 if log.delivers else None), []

    def say(self, connection, words):
        if words is None:
            raise ConnectionError
        if self.tls == "pieces" and not self.secure:
            for byte in words:
                connection.sendall(bytes([byte]))
        else:
            connection.sendall(words)

    def begin_tls(self, connection):
        if self.tls == "closed":
            raise ConnectionError
        if self.tls == "mute":
            time.sleep(WAITS)
        if self.tls == "records":
            connection.recv(1000)
        while self.tls == "records":                                # each is as a handshake's should be, and no handshake ends
            connection.sendall(b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" + b"\0" * 16380)
        if self.tls == "garbage":
            connection.recv(1000)
            connection.sendall(b"this is no TLS at all\r\n" * 4)
            time.sleep(0.5)
            raise ConnectionError
        self.secure = True
        return self.certificates.context(self.tls).wrap_socket(connection, server_side=True)

    def greet(self, connection):
        if self.greeting == "mute":
            time.sleep(DELIVERS if self.log.delivers else WAITS)
            raise ConnectionError
        while self.greeting == "endless":
            connection.sendall(b"220-more\r\n" * 100)
        while self.greeting == "drips":
            connection.sendall(b"2")
            time.sleep(0.1)
        if self.greeting == "slow":
            time.sleep(0.3)
        self.say(connection, HELLO if self.greeting == "slow" else self.greeting)

    def answer(self, word, line):
        """MAIL, RCPT and RSET, in that order and in no other; None: hang up."""
        if word == b"RSET":
            self.begun = False
            return OK
        if word == b"MAIL":
            self.begun = True
            return self.takes[0] if line.upper().startswith(b"MAIL FROM:<") and self.log.delivers or line.strip() == b"MAIL FROM:<>" else b"501 what\r\n"
        if not self.begun:
            return b"503 MAIL first\r\n"
        to = line.split(b"<")[-1].split(b">")[0]
        own = to.rpartition(b"@")[2] not in (b"example.org", b"example.net")
        self.to.append(to.decode("latin-1"))
        return self.takes[1 if to.startswith(b"postmaster@") else 2 if own else 3]

    def run(self, connection):
        self.greet(connection)
        lines = connection.makefile("rb")
        while True:
            line = lines.readline(1000)
            word = line.split(b" ")[0].strip().upper()
            if line:
                self.log.say(f"{self.name} {line.decode('latin-1').strip()}")
            if word == b"EHLO":
                self.say(connection, INSIDE if self.secure else self.ehlo)
            elif word == b"HELO":
                self.say(connection, self.helo)
            elif word == b"STARTTLS":
                self.say(connection, self.starttls)
                if (self.starttls or b"").startswith(GO):
                    connection = self.begin_tls(connection)
                    lines = connection.makefile("rb")
            elif word in (b"MAIL", b"RCPT", b"RSET") and self.takes:
                self.say(connection, self.answer(word, line))
            elif word == b"DATA" and self.log.delivers:
                self.say(connection, b"354 go\r\n")
                while lines.readline(10000) not in (b".\r\n", b""):
                    pass
                self.log.say(*(f"took {time.time():.1f} {connection.getsockname()[0]} {to}" for to in self.to))
                self.to = []
                self.say(connection, OK)
            else:
                if word == b"QUIT":
                    self.say(connection, b"221 bye\r\n")
                return


class Log:
    def __init__(self, path, delivers):
        self.file, self.delivers = open(path, "a", encoding="utf-8"), delivers

    def say(self, *lines):
        self.file.write("".join(line + "\n" for line in lines))
        self.file.flush()


def serve(listener, manner, certificates, log):
    def one(connection):
        connection.settimeout(DELIVERS if log.delivers else WAITS)
        try:
            Talk(manner, certificates, log).run(connection)
        except (OSError, ValueError):
            pass
        connection.close()

    while True:
        threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


def fill(address):
    """A server whose queue is full does not answer: Linux lets one more than the backlog wait."""
    held = []
    for _ in range(4):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(address)
        held.append(connection)
    return held


def bind(host, port, manner):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(0 if manner[1] == "full" else 64)
    return listener


def bind_all(net, port):
    """A listener for each manner, all at one port; one that is asked for, or one that is free at all of the addresses."""
    for _ in range(50):
        number, listeners = port or random.randrange(20000, 32000), []
        try:
            for n, manner in enumerate(MANNERS[1:], 1):
                listeners.append(bind(f"{net}.{n}", number, manner))
            return listeners
        except OSError:
            for listener in listeners:
                listener.close()
            if port:
                raise
    raise OSError("no port is free")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--net", default="127.1.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", default="/dev/null")
    parser.add_argument("--deliver", type=int, default=0, metavar="N")
    parser.add_argument("--name", action="append", default=[], help="that of the first of them, of the second ...")
    parser.add_argument("--six", action="store_true", help="the good one also at ::1")
    service.add_lifetime(parser)
    args = parser.parse_args()
    service.leave_with_the_test(args.lifetime)
    directory = tempfile.mkdtemp(prefix="smtpliar-")
    try:
        certificates = Certificates(directory)
        for name in args.name:
            certificates.make(name, name)
        log = Log(args.log, args.deliver > 0)
        listeners, held = bind_all(args.net, args.port), []
        for n in range(1, args.deliver + 1):
            manner = (*WILDCARD[:-1], args.name[n - 1]) if n <= len(args.name) else WILDCARD
            more = bind(f"{args.net}.{100 + n}", args.port, manner)
            threading.Thread(target=serve, args=(more, manner, certificates, log), daemon=True).start()
        for listener, manner in zip(listeners, MANNERS[1:]):
            if manner[1] == "full":
                held += fill(listener.getsockname())
            else:
                threading.Thread(target=serve, args=(listener, manner, certificates, log), daemon=True).start()
        if args.six:
            six = socket.create_server(("::1", listeners[0].getsockname()[1]), family=socket.AF_INET6)
            threading.Thread(target=serve, args=(six, ("six", *MANNERS[1][1:]), certificates, log), daemon=True).start()
        print("dir", directory, flush=True)
        print("port", listeners[0].getsockname()[1], flush=True)
        while True:
            time.sleep(60)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
