/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A service account's JSON file, with a key that was made for these tests. */
#ifndef TESTS_PROVIDER_SERVICE_ACCOUNT_H
#define TESTS_PROVIDER_SERVICE_ACCOUNT_H

/* As it stands in JSON. */
#define RSA_KEY                                                                                                                            \
	"-----BEGIN PRIVATE KEY-----\\n"                                                                                                   \
	"MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBANV0I8RTYrXGRW6G\\n"                                                              \
	"lkT2KaJan7jJc6O+ArvgxVqwJnTGurn9shqDp/QciucYvp4btY3zgss1NwqfpWuy\\n"                                                              \
	"mpRe6ZpP/JgR8TW6cEYASSDJwlpDjTf9ZZ1Q/va0rwpQTllyshz/36sP+u7vo+aq\\n"                                                              \
	"d4lIMaNXdoj7D+/TLVOBWaVfyNZPAgMBAAECgYBQwqx1r4b9d5L1in54gRqnjto3\\n"                                                              \
	"tCDIpy+pnhWNhnBGZppnnJEybvWw6suzPC2C7MD4gFXQRMYaguS3ps/Nq0t+ocxr\\n"                                                              \
	"f1ZT780eSOmQyIYcYKcUuTLEFK8RBAdQLUASomdYbnWwy34JwB+BBQyj2L2Ibv3H\\n"                                                              \
	"La3JwJhmXuTCX/v4oQJBAPqEMOawaU/mJyWD2S4IWmnnuQetq3u1DHeJDyuAasid\\n"                                                              \
	"u2MWyUxabxNpszgi/B4pWW5Vslbft4vrGEKKuQRPCf0CQQDaIEMJXulX51j60ZGX\\n"                                                              \
	"RySol1uweAD0GubHfWeVdcOwoBncZsSYphpfCxG+F9XqTADu+DiaeT0gdWi4emqi\\n"                                                              \
	"xX07AkAm/GF71SJee8vFy9IFlukzKAukhUN1mgRZqevBcler5tgdoJMtHbnBhKaO\\n"                                                              \
	"autfakHvqMh7Oo+e57Q7zsjiQcalAkEA2PwC881wvrsrLsdO13g0JWn8Ef4upKYm\\n"                                                              \
	"MQi1BF8T/h4l27R3mYqS7T0rtzgq2lolC5Ptau10O1fQhsNwVN+0hQJBANG0ai3x\\n"                                                              \
	"G8FzJmMdmbec+jM8gcg26K/9rB/D+3046T/I1cDUMcBowyUSx96Rd5wVjBlaok/4\\n"                                                              \
	"Q7qhqHCXYYY0/ls=\\n"                                                                                                              \
	"-----END PRIVATE KEY-----\\n"
#define FILE_OF(key, uri)                                                                                                                  \
	"{\"type\": \"service_account\", \"project_id\": \"exempel-dns\", \"private_key\": \"" key "\",\n"                                 \
	" \"client_email\": \"dns@exempel.iam.gserviceaccount.com\", \"token_uri\": \"" uri "\"}\n"

#endif
