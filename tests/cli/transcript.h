/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Commands as they are typed, with all that they print and how they end, against tests/golden/cli/NAME. A line that begins with "$ " is
 * run; below it stands what came: stdout as it is, stderr behind "! ", the exit status behind "= " where it is not 0. What is not mxladder
 * is given to the shell; so is what stands behind " | ", with the output. Before a bar may stand " < FILE" and " > FILE", in this order.
 * The folder is a fresh copy of tests/data/cli. With MXLADDER_GOLDEN in the environment the files are written anew; git diff shows what to
 * look at.
 */
#ifndef TESTS_CLI_TRANSCRIPT_H
#define TESTS_CLI_TRANSCRIPT_H

void transcript_play(const char *name);

#endif
