#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What ./dev installs to build is what the Debian package names to be built. Prints TAP.
cd "${top_srcdir:-.}" || exit 99
echo 1..1
if [ ! -f debian/control ]; then
	echo 'ok 1 - the package builds with what ./dev builds with # SKIP the tarball has no debian/'
	exit 0
fi
# What build-essential and debhelper bring.
brought='gcc make autoconf automake'
missing=
for package in $(sed -n "/^build_packages='/,/'/p" dev | tr -d "'" | sed 's/^build_packages=//'); do
	case " $brought " in *" $package "*) continue ;; esac
	sed -n '/^Build-Depends:/,/^$/p' debian/control | grep -qE "^ $package(,|:| )" || missing="$missing $package"
done
if [ -z "$missing" ]; then
	echo 'ok 1 - the package builds with what ./dev builds with'
else
	echo "not ok 1 - the package builds with what ./dev builds with"
	echo "#  debian/control lacks:$missing"
	exit 1
fi
