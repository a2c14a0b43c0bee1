# SPDX-License-Identifier: GPL-3.0-or-later
"""realmail.py: real mail programs of Debian, several beside each other, without installing any.

Each is unpacked over the machine's own files in a mount and process namespace of its own, with root, and goes when the test ends.
Packages are fetched once by `apt-get download` into MXLADDER_PACKAGES (default: _build/packages).  Needs root.
"""
import atexit
import glob
import os
import subprocess
import sys
import tempfile
import time

from lab import TOP

PACKAGES = os.environ.get("MXLADDER_PACKAGES", os.path.join(TOP, "_build", "packages"))
USERS = {"postfix": 901, "postdrop": 902, "Debian-exim": 903, "opensmtpd": 904, "opensmtpq": 905, "smmta": 906, "smmsp": 907, "courier": 908}
CONF = "export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin; "


def fetch(*packages):
    """Those that are not there yet; before a network namespace is entered."""
    os.makedirs(PACKAGES, exist_ok=True)
    missing = [p for p in packages if not glob.glob(f"{PACKAGES}/{p}_*.deb")]
    if missing:
        subprocess.run(["apt-get", "-qq", "download", *missing], cwd=PACKAGES, check=True, stdout=sys.stderr)


def enter(flag):
    """Comes back in a network namespace that has loopback alone, and as root. Others are no error: they need a root."""
    if os.getuid() != 0:
        sys.exit("this needs root: programs that change their user are run")
    if os.environ.get(flag) != "1":
        os.environ[flag] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, "-B", *sys.argv])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Real:
    """A machine of its own, as far as its files and processes go; files: {path: text} that are written into it."""

    def __init__(self, lab, name, packages, files):
        self.lab, self.name, self.root = lab, name, lab.path(f"real-{name}/root")
        base = lab.path(f"real-{name}")
        unpack = " ".join(f"dpkg-deb --fsys-tarfile {path} | tar -xf - -C {base}/more --keep-directory-symlink;" for p in packages for path in glob.glob(f"{PACKAGES}/{p}_*.deb")[:1])
        os.makedirs(base)
        script = f"""set -e; mount -t tmpfs none {base}; cd {base}; mkdir more up work root; mkdir -p more/usr/lib more/usr/sbin more/usr/bin more/usr/lib64
for i in lib sbin bin lib64; do ln -s usr/$i more/$i; done
{unpack} mount -t overlay none -o lowerdir={base}/more:/,upperdir={base}/up,workdir={base}/work root
mount -t proc none root/proc; mount --rbind /dev root/dev; mount -t tmpfs none root/tmp; mount -t tmpfs none root/run; touch root/run/ready
exec sleep 100000"""
        self.keeper = subprocess.Popen(["unshare", "-mpf", "--kill-child", "--propagation", "private", "sh", "-c", script])
        atexit.register(self.stop)
        self.inside = self.child()
        for path, text in files.items():
            self.write(path, text)
        for user, number in USERS.items():
            self.run(f"echo '{user}:x:{number}:{number}::/nonexistent:/bin/false' >> /etc/passwd; echo '{user}:x:{number}:' >> /etc/group")

    def child(self):
        end = time.monotonic() + 60
        while time.monotonic() < end and self.keeper.poll() is None:
            with open(f"/proc/{self.keeper.pid}/task/{self.keeper.pid}/children", encoding="ascii") as f:
                found = f.read().split()
            if found and subprocess.run(["nsenter", "-t", found[0], "-m", "test", "-e", self.root + "/run/ready"], check=False).returncode == 0:
                return found[0]
            time.sleep(0.1)
        raise RuntimeError(f"no machine for {self.name}")

    def run(self, command, text=None, check=True):
        """What it prints; a file takes it, for a program that stays would keep a pipe open."""
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(["nsenter", "-t", self.inside, "-m", "-p", "chroot", self.root, "sh", "-c", CONF + command], timeout=60,
                                  stdout=out, stderr=out, text=True, check=False, **({"input": text} if text is not None else {"stdin": subprocess.DEVNULL}))
            out.seek(0)
            said = out.read()
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {command[:80]}: {said}")
        return said

    def write(self, path, text, mode="644"):
        self.run(f"mkdir -p $(dirname {path}); rm -f {path}; cat > {path}; chmod {mode} {path}", text)

    def stop(self):
        self.keeper.kill()                                         # unshare hears nothing less; its child goes with it
        self.keeper.wait()


# -- the programs -----------------------------------------------------------------------------------------------------

COMMON = {"/etc/mailname": "sender.example\n", "/etc/aliases": ""}
MAIN_CF = """compatibility_level = 3.6
queue_directory = /srv/postfix/queue
data_directory = /srv/postfix/data
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = sender.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
maillog_file = /var/log/lab.log
smtp_tls_security_level = may
"""
EXIM_CONF = """primary_hostname = sender.example
qualify_domain = sender.example
local_interfaces = 127.0.0.1
spool_directory = /var/spool/exim4
log_file_path = /var/log/exim4/%slog
exim_user = Debian-exim
exim_group = Debian-exim
disable_ipv6 = true
begin routers
dnslookup:
  driver = dnslookup
  transport = remote_smtp
  ignore_target_hosts = 0.0.0.0 : 127.0.0.0/8
begin transports
remote_smtp:
  driver = smtp
begin retry
* * F,2h,15m; G,16h,1h,1.5; F,4d,6h
"""
SENDMAIL_MC = """divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
undefine(`confHOST_STATUS_DIRECTORY')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA-v4, Port=2526, Addr=127.0.0.1')dnl
define(`confDOMAIN_NAME', `sender.example')dnl
MAILER_DEFINITIONS
MAILER(`local')dnl
MAILER(`smtp')dnl
"""
SMTPD_CONF = """listen on socket
action "out" relay helo sender.example
match from any for any action "out"
"""


def postfix(lab, resolver, more="", packages=("postfix",)):
    files = {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n", "/etc/postfix/main.cf": MAIN_CF + more}
    real = Real(lab, "postfix", packages, files)
    real.run("mkdir -p /srv/postfix/queue /srv/postfix/data; chown postfix /srv/postfix/data; chgrp postdrop /usr/sbin/postqueue /usr/sbin/postdrop;"
             "chmod g+s /usr/sbin/postqueue /usr/sbin/postdrop; cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf;"
             "cp /usr/share/postfix/dynamicmaps.cf /usr/share/postfix/makedefs.out /etc/postfix/; postconf -F '*/*/chroot = n'; postconf -M -X smtp/inet; postfix start")
    return real


def exim(lab, resolver):
    real = Real(lab, "exim", ["exim4-base", "exim4-daemon-light", "libidn12"], {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n", "/etc/exim4/exim4.conf": EXIM_CONF})
    real.run("mkdir -p /var/spool/exim4 /var/log/exim4; chown -R Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4; chmod u+s /usr/sbin/exim4; exim4 -bd -q30m -oX 127.0.0.1.2525", check=False)
    return real


def opensmtpd(lab, resolver):
    real = Real(lab, "opensmtpd", ["opensmtpd"], {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n", "/etc/smtpd.conf": SMTPD_CONF})
    real.run("mkdir -p /var/empty /var/lib/opensmtpd/empty; chmod 711 /var/lib/opensmtpd/empty; chgrp opensmtpq /usr/sbin/smtpctl; chmod g+s /usr/sbin/smtpctl; smtpd;"
             "for i in $(seq 100); do smtpctl show status > /dev/null 2>&1 && break; sleep 0.2; done", check=False)
    return real


def dma(lab, resolver):
    """Each call delivers by itself, and a queue is run by cron: here none is."""
    real = Real(lab, "dma", ["dma"], {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n"})
    real.run("cp /usr/share/dma/dma.conf /etc/dma/dma.conf; echo MAILNAME sender.example >> /etc/dma/dma.conf; chgrp -R mail /etc/dma /var/spool/dma; chmod 2775 /var/spool/dma")
    return real


def sendmail(lab, resolver):
    """As Debian's sendmailconfig makes it: the queue is run every ten minutes."""
    files = {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n", "/etc/mail/sendmail.mc": SENDMAIL_MC, "/etc/mail/local-host-names": "sender.example\n"}
    real = Real(lab, "sendmail", ["sendmail-bin", "sendmail-base", "sendmail-cf", "liblockfile1", "libwrap0"], files)
    real.run("mkdir -p /var/spool/mqueue /var/lib/sendmail; chmod 700 /var/spool/mqueue; cd /usr/share/sendmail/cf/cf; m4 /etc/mail/sendmail.mc > /etc/mail/sendmail.cf;"
             "ln -sf /usr/libexec/sendmail/sendmail /usr/sbin/sendmail; echo 127.0.0.1 sender.example $(hostname) >> /etc/hosts; sendmail -bd -q10m")
    return real


def courier(lab, resolver):
    """As Debian's courier-mta makes it."""
    files = {**COMMON, "/etc/resolv.conf": f"nameserver {resolver}\n", "/etc/courier/me": "sender.example\n", "/etc/courier/locals": "localhost\nsender.example\n",
             "/etc/courier/defaultdomain": "sender.example\n", "/etc/courier/dsnfrom": "postmaster\n"}
    real = Real(lab, "courier", COURIER, files)
    real.run("cd /var/lib/courier; mkdir -p allfilters filters msgq msgs tmp track /run/courier /etc/courier/aliasdir /etc/courier/filters/active;"
             "chown -R courier:courier /var/lib/courier /run/courier; chmod 750 allfilters filters msgq msgs track; chmod 770 tmp; chgrp -R courier /etc/courier;"
             "chgrp courier /usr/sbin/sendmail; chmod 2755 /usr/sbin/sendmail; cd /usr/lib/courier/courier; chown courier:courier submitmkdir; chmod 4755 submitmkdir;"
             "makealiases; courier start; courierfilter start")
    return real


COURIER = ["courier-mta", "courier-base", "courier-authlib", "courier-authdaemon", "courier-authlib-userdb", "libcourier-unicode4", "libidn12", "libgamin0", "libnet-cidr-perl"]
SENDERS = {"postfix": (postfix, ["postfix"]), "exim": (exim, ["exim4-base", "exim4-daemon-light", "libidn12"]), "opensmtpd": (opensmtpd, ["opensmtpd"]),
           "sendmail": (sendmail, ["sendmail-bin", "sendmail-base", "sendmail-cf", "liblockfile1", "libwrap0"]), "dma": (dma, ["dma"]),
           "courier": (courier, COURIER)}
