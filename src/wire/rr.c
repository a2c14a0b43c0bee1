/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/rr.h"

#include <string.h>

#include "base/banned.h"

static bool rr_name(struct dname *name, const ldns_rdf *rdf)
{
	return rdf && ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME && dname_from_wire(name, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

static uint32_t rr_number(const ldns_rr *rr, size_t i)
{
	const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

	if (!rdf)
		return 0;
	if (ldns_rdf_size(rdf) == 1)
		return ldns_rdf2native_int8(rdf);
	if (ldns_rdf_size(rdf) == 2)
		return ldns_rdf2native_int16(rdf);
	return ldns_rdf_size(rdf) == 4 ? ldns_rdf2native_int32(rdf) : 0;
}

static bool rr_address(struct addr *addr, const ldns_rdf *rdf, uint8_t family)
{
	size_t size = family == 4 ? 4 : 16;

	if (!rdf || ldns_rdf_size(rdf) != size)
		return false;
	addr->family = family;
	memcpy(addr->bytes, ldns_rdf_data(rdf), size);
	return true;
}

static struct dns_octets keep_octets(struct str *octets, const uint8_t *bytes, size_t len)
{
	struct dns_octets kept = { 0 };

	if (!octets)
		return kept;
	kept = (struct dns_octets){ (uint32_t)octets->len, (uint32_t)len };
	str_add_bytes(octets, bytes, len);
	return kept;
}

/* Its strings; each begins with its length. */
static struct dns_octets read_strings(const ldns_rr *rr, struct str *octets)
{
	struct dns_octets text = { octets ? (uint32_t)octets->len : 0, 0 };

	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

		if (ldns_rdf_size(rdf) > 1)
			text.len += keep_octets(octets, ldns_rdf_data(rdf) + 1, ldns_rdf_size(rdf) - 1).len;
	}
	return text;
}

static bool read_tlsa(struct dns_record *record, const ldns_rr *rr, struct str *octets)
{
	const ldns_rdf *data = ldns_rr_rdf(rr, 3);

	record->tlsa.usage = (uint8_t)rr_number(rr, 0);
	record->tlsa.selector = (uint8_t)rr_number(rr, 1);
	record->tlsa.matching = (uint8_t)rr_number(rr, 2);
	if (data)
		record->tlsa.data = keep_octets(octets, ldns_rdf_data(data), ldns_rdf_size(data));
	return data != NULL;
}

/* What is kept of keys; of a zone's signatures, nothing is. */
static void read_key(struct dns_record *record, const ldns_rr *rr)
{
	if (record->type == DNS_DS) {
		record->ds = (struct ds){ .key_tag = (uint16_t)rr_number(rr, 0),
			.algorithm = (uint8_t)rr_number(rr, 1),
			.digest_type = (uint8_t)rr_number(rr, 2) };
	} else {
		record->dnskey.flags = (uint16_t)rr_number(rr, 0);
		record->dnskey.algorithm = (uint8_t)rr_number(rr, 2);
	}
}

bool rr_read(struct dns_record *record, const ldns_rr *rr, struct str *octets)
{
	if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || !rr_name(&record->owner, ldns_rr_owner(rr)))
		return false;
	record->type = (enum dns_type)ldns_rr_get_type(rr);
	record->ttl_s = ldns_rr_ttl(rr);
	if (record->ttl_s > MX_TTL_MAX) /* RFC 2181 section 8: the top bit set means zero */
		record->ttl_s = 0;
	switch ((int)ldns_rr_get_type(rr)) {
	case LDNS_RR_TYPE_A:
		return rr_address(&record->addr, ldns_rr_rdf(rr, 0), 4);
	case LDNS_RR_TYPE_AAAA:
		return rr_address(&record->addr, ldns_rr_rdf(rr, 0), 6);
	case LDNS_RR_TYPE_NS:
	case LDNS_RR_TYPE_CNAME:
	case LDNS_RR_TYPE_DNAME:
	case LDNS_RR_TYPE_PTR:
		return rr_name(&record->target, ldns_rr_rdf(rr, 0));
	case LDNS_RR_TYPE_MX:
		record->mx.preference = rr_number(rr, 0);
		return rr_name(&record->mx.host, ldns_rr_rdf(rr, 1));
	case LDNS_RR_TYPE_SOA:
		record->soa.serial = rr_number(rr, 2);
		record->soa.minimum_s = rr_number(rr, 6);
		return rr_name(&record->soa.primary, ldns_rr_rdf(rr, 0));
	case LDNS_RR_TYPE_TXT:
		record->txt = read_strings(rr, octets);
		return true;
	case LDNS_RR_TYPE_TLSA:
		return read_tlsa(record, rr, octets);
	case LDNS_RR_TYPE_DS:
	case LDNS_RR_TYPE_DNSKEY:
		read_key(record, rr);
		return true;
	default:
		return false;
	}
}
