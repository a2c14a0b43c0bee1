/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main() of a fuzz target where libFuzzer is not: runs each file of tests/fuzz/corpus/<target>/ through it and prints
 * TAP. A finding is a crash, an assert or a sanitizer's report; this file judges nothing itself. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	long size = 0;
	uint8_t *data = NULL;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0) {
		perror(path);
		exit(99);
	}
	data = malloc(size > 0 ? (size_t)size : 1);
	if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) {
		perror(path);
		exit(99);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

int main(int argc, char **argv)
{
	const char *root = getenv("top_srcdir");
	const char *slash = strrchr(argv[0], '/');
	char path[4096];
	int ran = 0;
	struct dirent *entry = NULL;
	DIR *dir = NULL;

	(void)argc;
	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", root ? root : ".", slash ? slash + 1 : argv[0]);
	dir = opendir(path);
	puts("1..1");
	fflush(stdout);
	while (dir && (entry = readdir(dir))) {
		char file[4600];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		run_file(file);
		ran++;
	}
	if (dir)
		closedir(dir);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("%s 1 - %d files of the corpus replayed\n", ran > 0 ? "ok" : "not ok", ran);
	return ran > 0 ? 0 : 1;
}
