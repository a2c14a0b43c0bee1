# SPDX-License-Identifier: GPL-3.0-or-later
# Text files -> one C table. Text only: a file must end in a newline and hold no NUL, which themes and zones do.
function escape(s) {
	gsub(/\\/, "&&", s)
	gsub(/"/, "\\\"", s)
	gsub(/\t/, "\\t", s)
	gsub(/\?/, "\\?", s)
	return s
}
BEGIN {
	print "/* Made by embed.awk. */"
	print "#include \"base/embedded.h\""
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\""
	for (i = 1; i < ARGC; i++) {
		if (ARGV[i] == "/dev/null")
			continue
		# One array of lines joined by the compiler; each line is its own literal.
		printf "static const char data_%d[] =\n\t\"\"\n", i
		while ((getline line < ARGV[i]) > 0)
			printf "\t\"%s\\n\"\n", escape(line)
		close(ARGV[i])
		print "\t;"
	}
	print "const struct embedded embedded_table[] = {"
	for (i = 1; i < ARGC; i++)
		if (ARGV[i] != "/dev/null")
			printf "\t{ \"%s\", data_%d, sizeof(data_%d) - 1 },\n", ARGV[i], i, i
	print "\t{ 0, 0, 0 },"
	print "};"
	exit
}
