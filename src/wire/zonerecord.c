/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/zonerecord.h"

#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/rr.h"
#include "base/banned.h"

enum { TYPE_CAA = 257 };

struct reading {
	struct zonescan *scan;
	const struct zone_entry *entry;
	struct str *octets; /* NULL: not kept */
	struct err *err;
};

static size_t data_words(const struct zone_entry *entry)
{
	return entry->n - entry->type - 1;
}

static const struct zone_word *data_word(const struct zone_entry *entry, size_t i)
{
	return &entry->word[entry->type + 1 + i];
}

bool zonerecord_is_generic(const struct zonescan *scan, const struct zone_entry *entry)
{
	return data_words(entry) && zone_word_is(scan, data_word(entry, 0), "\\#");
}

static bool at_line(const struct reading *in)
{
	return zonescan_at(in->scan, in->entry->line, in->err);
}

static bool wrong_count(const struct reading *in)
{
	char text[ZONE_ERR_TEXT];

	err_set(in->err, ERR_USAGE, N_("too little or too much stands behind %s"),
		zone_word_text(in->scan, &in->entry->word[in->entry->type], text));
	return at_line(in);
}

static bool out_of_range(const struct reading *in, const struct zone_word *word, uint32_t max)
{
	char text[ZONE_ERR_TEXT];

	err_set(in->err, ERR_USAGE, N_("%s is no number from 0 to %u"), zone_word_text(in->scan, word, text), (unsigned)max);
	return at_line(in);
}

/* ---- the types that are used ---- */

static bool read_number(const struct reading *in, size_t i, uint32_t max, uint32_t *value)
{
	const struct zone_word *word = data_word(in->entry, i);

	return zone_word_number(in->scan, word, max, value) || out_of_range(in, word, max);
}

static bool read_mx(const struct reading *in, struct dns_record *record)
{
	if (data_words(in->entry) != 2)
		return wrong_count(in);
	return read_number(in, 0, 65535, &record->mx.preference) &&
	       zone_word_name(in->scan, data_word(in->entry, 1), &record->mx.host, in->err);
}

static bool read_target(const struct reading *in, struct dns_record *record)
{
	if (data_words(in->entry) != 1)
		return wrong_count(in);
	return zone_word_name(in->scan, data_word(in->entry, 0), &record->target, in->err);
}

static bool read_soa(const struct reading *in, struct dns_record *record)
{
	uint32_t seconds[4] = { 0 };
	struct dname mailbox;

	if (data_words(in->entry) != 7)
		return wrong_count(in);
	if (!zone_word_name(in->scan, data_word(in->entry, 0), &record->soa.primary, in->err) ||
		!zone_word_name(in->scan, data_word(in->entry, 1), &mailbox, in->err) ||
		!read_number(in, 2, UINT32_MAX, &record->soa.serial))
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct zone_word *word = data_word(in->entry, 3 + i);

		if (!zone_word_ttl(in->scan, word, &seconds[i]))
			return out_of_range(in, word, UINT32_MAX);
	}
	record->soa.minimum_s = seconds[3];
	return true;
}

static bool read_address(const struct reading *in, struct dns_record *record)
{
	char text[ZONE_ERR_TEXT];

	if (data_words(in->entry) != 1)
		return wrong_count(in);
	zone_word_text(in->scan, data_word(in->entry, 0), text);
	if (addr_parse(&record->addr, text) && record->addr.family == (record->type == DNS_A ? 4 : 6))
		return true;
	err_set(in->err, ERR_USAGE, N_("%s is no address of this kind"), text);
	return at_line(in);
}

/* ---- the others: only whether a server would load them ---- */

static unsigned long field_max(ldns_rdf_type type)
{
	switch ((int)type) {
	case LDNS_RDF_TYPE_INT8:
	case LDNS_RDF_TYPE_ALG:
	case LDNS_RDF_TYPE_CERTIFICATE_USAGE:
	case LDNS_RDF_TYPE_SELECTOR:
	case LDNS_RDF_TYPE_MATCHING_TYPE:
		return 255;
	case LDNS_RDF_TYPE_INT16:
	case LDNS_RDF_TYPE_CERT_ALG:
		return 65535;
	case LDNS_RDF_TYPE_INT32:
		return UINT32_MAX;
	default:
		return 0;
	}
}

/* May it stand in quotation marks? */
static bool is_string(ldns_rdf_type type)
{
	return !field_max(type) && type != LDNS_RDF_TYPE_DNAME && type != LDNS_RDF_TYPE_A && type != LDNS_RDF_TYPE_AAAA;
}

/* The library keeps the low bits of a number that does not fit, and takes quotation marks anywhere. */
static bool words_fit(const struct reading *in, const ldns_rr_descriptor *type)
{
	for (size_t i = 0; i < data_words(in->entry) && i < ldns_rr_descriptor_maximum(type); i++) {
		const struct zone_word *word = data_word(in->entry, i);
		ldns_rdf_type field = ldns_rr_descriptor_field_type(type, i);
		uint32_t max = (uint32_t)field_max(field), value;
		char first = in->scan->text[word->at];

		if (first == '"' && !is_string(field)) {
			err_set(in->err, ERR_USAGE, N_("quotation marks where a number, a name or an address stands"));
			return at_line(in);
		}
		if (max && (strchr("+-", first) || (first >= '0' && first <= '9')) && !zone_word_number(in->scan, word, max, &value))
			return out_of_range(in, word, max);
	}
	return true;
}

/* One word of the data as the library takes it: one line, CAA's value in quotation marks. */
static void add_word(const struct reading *in, size_t i, struct str *line)
{
	const struct zone_word *word = data_word(in->entry, i);
	const char *s = in->scan->text + word->at;
	bool joined = i && data_word(in->entry, i - 1)->at + data_word(in->entry, i - 1)->len == word->at && s[-1] == '=';
	bool bare = in->entry->code == TYPE_CAA && i == 2 && *s != '"' && !zonerecord_is_generic(in->scan, in->entry);

	str_add(line, joined ? "" : " ");
	str_add(line, bare ? "\"" : "");
	for (size_t k = 0; k < word->len; k++) {
		if (s[k] == '\n')
			str_add(line, "010"); /* a backslash stands before it */
		else
			str_add_char(line, s[k]);
	}
	str_add(line, bare ? "\"" : "");
}

/* The entry as the library reads it; the caller frees. */
static ldns_rr *parse_rr(const struct reading *in, const ldns_rr_descriptor *type)
{
	const struct zone_entry *entry = in->entry;
	char text[DNAME_TEXT_MAX];
	struct str line;
	ldns_rdf *origin = NULL;
	ldns_rr *rr = NULL;
	ldns_status status;

	str_init(&line, 0);
	str_addf(&line, "%s %u IN ", dname_text_dot(&entry->owner, text), (unsigned)entry->ttl_s);
	if (type)
		str_add(&line, type->_name);
	else
		str_addf(&line, "TYPE%u", entry->code);
	for (size_t i = 0; i < data_words(entry); i++)
		add_word(in, i, &line);
	if (entry->origin.len)
		origin = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, entry->origin.len, entry->origin.wire);
	status = ldns_rr_new_frm_str(&rr, line.s, entry->ttl_s, origin, NULL);
	ldns_rdf_deep_free(origin);
	str_release(&line);
	if (status == LDNS_STATUS_OK)
		return rr;
	if (status == LDNS_STATUS_MEM_ERR)
		mem_exhausted();
	err_set(in->err, ERR_USAGE, N_("%s, line %zu: the record cannot be read: %s"), in->scan->name, entry->line,
		ldns_get_errorstr_by_id(status));
	return NULL;
}

static const ldns_rr_descriptor *known_type(unsigned code)
{
	const ldns_rr_descriptor *type = ldns_rr_descript((uint16_t)code);

	return type && type->_name && strncmp(type->_name, "TYPE", 4) != 0 && strcmp(type->_name, "NULL") != 0 ? type : NULL;
}

/* Does the data that was given as bytes fill the fields of its type, with nothing left? */
static bool bytes_fit(const struct reading *in, const ldns_rr_descriptor *type, const ldns_rr *rr)
{
	size_t n = ldns_rr_rd_count(rr), len = 0;
	uint32_t said = 0;

	for (size_t i = 0; i < n; i++)
		len += ldns_rdf_size(ldns_rr_rdf(rr, i));
	return data_words(in->entry) > 1 && zone_word_number(in->scan, data_word(in->entry, 1), UINT16_MAX, &said) && len == said &&
	       n >= ldns_rr_descriptor_minimum(type);
}

/* How long a digest of its kind is; name servers refuse another length. */
static bool digest_fits(const ldns_rr *rr)
{
	static const struct {
		ldns_rr_type type;
		uint8_t field, kind, len; /* field: where its kind stands */
	} digests[] = {
		{ LDNS_RR_TYPE_DS, 2, 1, 20 },
		{ LDNS_RR_TYPE_DS, 2, 2, 32 },
		{ LDNS_RR_TYPE_DS, 2, 4, 48 },
		{ LDNS_RR_TYPE_SSHFP, 1, 1, 20 },
		{ LDNS_RR_TYPE_SSHFP, 1, 2, 32 },
		{ LDNS_RR_TYPE_ZONEMD, 2, 1, 48 },
		{ LDNS_RR_TYPE_ZONEMD, 2, 2, 64 },
	};
	ldns_rr_type type = ldns_rr_get_type(rr);
	bool like_ds = type == LDNS_RR_TYPE_CDS || type == LDNS_RR_TYPE_DLV;

	for (size_t i = 0; i < sizeof(digests) / sizeof(*digests); i++) {
		size_t field = digests[i].field;

		if (digests[i].type == (like_ds ? LDNS_RR_TYPE_DS : type) && ldns_rr_rd_count(rr) > field + 1 &&
			ldns_rdf_data(ldns_rr_rdf(rr, field))[0] == digests[i].kind)
			return ldns_rdf_size(ldns_rr_rdf(rr, field + 1)) == digests[i].len;
	}
	return true;
}

static bool read_by_library(const struct reading *in, struct dns_record *record)
{
	const ldns_rr_descriptor *type = known_type(in->entry->code);
	struct dns_record parsed = { 0 };
	bool generic = zonerecord_is_generic(in->scan, in->entry);
	ldns_rr *rr;

	if (!generic && type && !words_fit(in, type))
		return false;
	rr = parse_rr(in, type);
	if (!rr)
		return false;
	if (generic && type && !bytes_fit(in, type, rr)) {
		ldns_rr_free(rr);
		return wrong_count(in);
	}
	if (!digest_fits(rr)) {
		ldns_rr_free(rr);
		err_set(in->err, ERR_USAGE, N_("a digest of another length than its type has"));
		return at_line(in);
	}
	if (rr_read(&parsed, rr, in->octets)) {
		parsed.owner = record->owner;
		parsed.ttl_s = record->ttl_s;
		*record = parsed;
	}
	ldns_rr_free(rr);
	return true;
}

/* Strings of up to 255 octets. */
static bool texts_fit(const struct reading *in)
{
	for (size_t i = 0; i < data_words(in->entry); i++) {
		const struct zone_word *word = data_word(in->entry, i);

		if (word->len > 255 || memchr(in->scan->text + word->at, '\\', word->len))
			return false;
	}
	return data_words(in->entry) > 0;
}

/* Strings that fit, joined. */
static void keep_texts(const struct reading *in, struct dns_record *record)
{
	if (!in->octets)
		return;
	record->txt.at = (uint32_t)in->octets->len;
	for (size_t i = 0; i < data_words(in->entry); i++) {
		const struct zone_word *word = data_word(in->entry, i);
		bool quoted = in->scan->text[word->at] == '"';

		str_add_bytes(in->octets, in->scan->text + word->at + quoted, word->len - 2u * quoted);
	}
	record->txt.len = (uint32_t)in->octets->len - record->txt.at;
}

static bool read_text(const struct reading *in, struct dns_record *record)
{
	if (!texts_fit(in))
		return read_by_library(in, record);
	keep_texts(in, record);
	return true;
}

/* A type that is in the library's list, or written as its number. */
static bool is_readable(const struct reading *in)
{
	unsigned code = in->entry->code;

	return !zone_type_is_data(code) && code != ZONE_TYPE_UNKNOWN;
}

bool zonerecord_is_plain(unsigned code)
{
	return code == DNS_A || code == DNS_AAAA || code == DNS_NS || code == DNS_CNAME || code == DNS_DNAME || code == DNS_PTR ||
	       code == DNS_MX;
}

bool zonerecord_read(struct zonescan *scan, const struct zone_entry *entry, struct dns_record *record, struct str *octets, struct err *err)
{
	const struct reading in = { scan, entry, octets, err };

	*record = (struct dns_record){ .owner = entry->owner, .type = (enum dns_type)entry->code, .ttl_s = entry->ttl_s };
	if (zonerecord_is_generic(scan, entry))
		return read_by_library(&in, record);
	switch (entry->code) {
	case DNS_A:
	case DNS_AAAA:
		return read_address(&in, record);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_PTR:
		return read_target(&in, record);
	case DNS_MX:
		return read_mx(&in, record);
	case DNS_SOA:
		return read_soa(&in, record);
	case DNS_TXT:
		return read_text(&in, record);
	default:
		return is_readable(&in) ? read_by_library(&in, record) : data_words(entry) > 0 || wrong_count(&in);
	}
}
