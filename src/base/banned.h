/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions that are too easily wrong: using one is a compile error. Included last, by every .c of ours. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#define BANNED(name) sorry_##name##_is_banned
#undef strcpy
#define strcpy(a, b) BANNED(strcpy)
#undef strcat
#define strcat(a, b) BANNED(strcat)
#undef strncpy
#define strncpy(a, b, c) BANNED(strncpy)
#undef strncat
#define strncat(a, b, c) BANNED(strncat)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef strtok
#define strtok(a, b) BANNED(strtok)
#undef atoi
#define atoi(a) BANNED(atoi)
#undef system
#define system(a) BANNED(system)
#undef gets
#define gets(a) BANNED(gets)

#endif
