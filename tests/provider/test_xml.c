/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "provider/xml.h"
#include "provider/xmlrpc.h"

static struct xml *parsed(const char *text)
{
	struct xml *xml = xml_parse(text, strlen(text));

	if (!xml)
		fail_msg("not read: %s", text);
	return xml;
}

static void xml_find__follows__a_path(void **state)
{
	struct xml *xml =
		parsed("<?xml version=\"1.0\"?>\n<List xmlns=\"https://a.example/\" xmlns:b=\"b\">\n"
		       "<Zones><Zone><Id>/z/1</Id><Name>a.</Name></Zone><Other/><Zone><Id>/z/2</Id></Zone>"
		       "<ZoneX><Id>3</Id></ZoneX></Zones><b:End b:is=\"&lt;1&gt;\" also=''>no &amp; w\xc3\xa5&#x2e;</b:End></List>");
	const struct xml_node *root = xml_root(xml), *zone;

	(void)state;
	assert_string_equal(root->name, "List");
	assert_ptr_equal(xml_find(root, ""), root);
	zone = xml_find(root, "Zones/Zone");
	assert_string_equal(xml_text(zone, "Id"), "/z/1");
	assert_string_equal(xml_text(zone, "Name"), "a.");
	zone = xml_again(zone);
	assert_string_equal(xml_text(zone, "Id"), "/z/2");
	assert_string_equal(xml_text(zone, "Name"), "");
	assert_null(xml_again(zone));
	assert_string_equal(xml_text(root, "Zones/Zone/Id"), "/z/1");
	assert_string_equal(xml_text(root, "Zones/ZoneX/Id"), "3");
	assert_null(xml_find(root, "Zone"));
	assert_null(xml_find(root, "Zones/Zon"));
	assert_null(xml_find(root, "Zones/Zone/Id/Id"));
	assert_null(xml_find(NULL, "Zones"));
	assert_string_equal(xml_text(NULL, "Zones"), "");
	assert_string_equal(xml_text(root, "End"), "no & w\xc3\xa5.");
	assert_string_equal(xml_attribute(xml_find(root, "End"), "is"), "<1>");
	assert_string_equal(xml_attribute(xml_find(root, "End"), "also"), "");
	assert_string_equal(xml_attribute(xml_find(root, "End"), "more"), "");
	assert_string_equal(xml_attribute(root, "is"), "");
	xml_free(xml);
	xml_free(NULL);
}

static void xml_text__is__of_the_element_alone(void **state)
{
	struct xml *xml = parsed("<a>one<b>two<c/>three</b> four<![CDATA[<&>]]><!-- no -->five<?no no?></a>");

	(void)state;
	assert_string_equal(xml_text(xml_root(xml), ""), "one four<&>five");
	assert_string_equal(xml_text(xml_root(xml), "b"), "twothree");
	assert_string_equal(xml_text(xml_root(xml), "b/c"), "");
	assert_null(xml_find(xml_root(xml), "b/c")->text);
	xml_free(xml);
}

static void xml_parse__reads__other_encodings(void **state)
{
	struct xml *xml = parsed("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe5</a>");

	(void)state;
	assert_string_equal(xml_text(xml_root(xml), ""), "\xc3\xa5");
	xml_free(xml);
	xml = xml_parse("\xff\xfe<\0a\0/\0>\0", 10);
	assert_non_null(xml);
	assert_string_equal(xml_root(xml)->name, "a");
	xml_free(xml);
}

static void xml_parse__refuses__what_is_no_document(void **state)
{
	static const char *const bad[] = { "", " ", "a", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>x", "<a>\x01</a>", "<a>&#0;</a>",
		"<a>&#1;</a>", "<a>&x;</a>", "<a>\xff</a>", "<a b='1' b='2'/>", "<a b=1/>", "{\"a\":1}", "<!DOCTYPE a><a/>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
		"<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a/>", "<?xml version='1.0' encoding='nobody-knows'?><a/>" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (xml_parse(bad[i], strlen(bad[i])))
			fail_msg("read: %s", bad[i]);
	assert_null(xml_parse("<a>\0</a>", 8));
	assert_null(xml_parse("<a/>\0", 5));
}

/* n times "<a>" inside each other. */
static struct xml *nested(size_t n)
{
	struct str text;
	struct xml *xml;

	str_init(&text, 0);
	for (size_t i = 0; i < n; i++)
		str_add(&text, "<a>");
	for (size_t i = 0; i < n; i++)
		str_add(&text, "</a>");
	xml = xml_parse(text.s, text.len);
	str_release(&text);
	return xml;
}

/* A root with n things inside. */
static struct xml *many(size_t n, const char *element, const char *last)
{
	struct str text;
	struct xml *xml;

	str_init(&text, 0);
	str_add(&text, "<r>");
	for (size_t i = 0; i < n; i++)
		str_add(&text, element);
	str_add(&text, last);
	str_add(&text, "</r>");
	xml = xml_parse(text.s, text.len);
	str_release(&text);
	return xml;
}

static void xml_parse__bounds__depth_and_number(void **state)
{
	struct xml *xml = nested(XML_DEPTH_MAX);

	(void)state;
	assert_non_null(xml);
	xml_free(xml);
	assert_null(nested(XML_DEPTH_MAX + 1));
	xml = many(100, "<a><b/></a>", ""); /* depth counts what is open, not what was */
	assert_non_null(xml);
	xml_free(xml);
	xml = many(XML_NODES_MAX - 1, "<a/>", "");
	assert_non_null(xml);
	xml_free(xml);
	assert_null(many(XML_NODES_MAX, "<a/>", ""));
	assert_null(many(XML_NODES_MAX / 2, "<a b=''/>", ""));
	xml = many(XML_NODES_MAX / 2 - 1, "<a b=''/>", "<a/>");
	assert_non_null(xml);
	xml_free(xml);
}

static void xml_json__is__the_same_tree(void **state)
{
	static const char *const cases[][2] = { { "<a/>", "\"\"" }, { "<a>x</a>", "\"x\"" }, { "<a b='1'/>", "{\"\":\"\",\"b\":\"1\"}" },
		{ "<a b='1'>x</a>", "{\"\":\"x\",\"b\":\"1\"}" }, { "<a><b>1</b></a>", "{\"\":\"\",\"b\":\"1\"}" },
		{ "<a><b>1</b><c/><b>2</b></a>", "{\"\":\"\",\"b\":[\"1\",\"2\"],\"c\":\"\"}" },
		{ "<a><b>1</b><b/><b d='3'/></a>", "{\"\":\"\",\"b\":[\"1\",\"\",{\"\":\"\",\"d\":\"3\"}]}" },
		{ "<a b='0'><x:b>1</x:b><b>2</b></a>", "{\"\":\"\",\"b\":[\"0\",\"1\",\"2\"]}" } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct xml *xml = parsed(cases[i][0]);
		json_t *json = xml_json(xml_root(xml));
		char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);

		assert_string_equal(text, cases[i][1]);
		free(text);
		json_decref(json);
		xml_free(xml);
	}
}

static void xml_add_text__escapes__or_refuses(void **state)
{
	static const char *const bad[] = { "\x01", "a\x1f", "\x7f\x0b", "\xff", "a\xc3", "\xed\xa0\x80", "\xef\xbf\xbe", "\xef\xbf\xbf",
		"\xc0\x80" };
	struct str out;

	(void)state;
	str_init(&out, 0);
	assert_true(xml_add_text(&out, "a<b>&\"c'd\"]]>\t\r\nw\xc3\xa5\xef\xbf\xbd\xf0\x9f\x93\xa7 \x7f"));
	assert_string_equal(out.s, "a&lt;b&gt;&amp;&quot;c'd&quot;]]&gt;&#9;&#13;&#10;w\xc3\xa5\xef\xbf\xbd\xf0\x9f\x93\xa7 \x7f");
	assert_true(xml_add_text(&out, ""));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		str_clear(&out);
		if (xml_add_text(&out, bad[i]))
			fail_msg("written: row %zu", i);
		assert_int_equal(out.len, 0);
	}
	str_release(&out);
}

/* ---- XML-RPC ---- */

static void xmlrpc_add_call__writes__each_type(void **state)
{
	json_t *parameters =
		json_pack("[s, s, {s:s, s:i, s:[i, b, b]}]", "user@loopiaapi", "p&<ss", "type", "MX", "ttl", 300, "list", -1, 1, 0);
	struct str out;

	(void)state;
	str_init(&out, 0);
	assert_true(xmlrpc_add_call(&out, "addZoneRecord", parameters));
	assert_string_equal(out.s,
		"<?xml version=\"1.0\"?>\n<methodCall><methodName>addZoneRecord</methodName><params>"
		"<param><value><string>user@loopiaapi</string></value></param>"
		"<param><value><string>p&amp;&lt;ss</string></value></param>"
		"<param><value><struct><member><name>type</name><value><string>MX</string></value></member>"
		"<member><name>ttl</name><value><int>300</int></value></member>"
		"<member><name>list</name><value><array><data><value><int>-1</int></value><value><boolean>1</boolean></value>"
		"<value><boolean>0</boolean></value></data></array></value></member></struct></value></param>"
		"</params></methodCall>\n");
	json_decref(parameters);
	str_clear(&out);
	parameters = json_array();
	assert_true(xmlrpc_add_call(&out, "a&b", parameters));
	assert_string_equal(out.s, "<?xml version=\"1.0\"?>\n<methodCall><methodName>a&amp;b</methodName><params></params></methodCall>\n");
	json_decref(parameters);
	str_release(&out);
}

static void xmlrpc_add_call__refuses__what_xml_cannot_say(void **state)
{
	json_t *bad[] = { json_pack("[s, s]", "\x01", "a"), json_pack("[{s:s, s:s}]", "\x01", "a", "b", "c"),
		json_pack("[{s:s, s:s}]", "a", "\x01", "b", "c"), json_pack("[[s, s]]", "\x01", "a"), json_pack("[n]"),
		json_pack("[f]", 1.5) };
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (xmlrpc_add_call(&out, "a", bad[i]))
			fail_msg("written: row %zu", i);
		json_decref(bad[i]);
	}
	bad[0] = json_array();
	assert_false(xmlrpc_add_call(&out, "\x01", bad[0]));
	str_release(&out);
	str_init(&out, 20);
	assert_false(xmlrpc_add_call(&out, "a", bad[0]));
	json_decref(bad[0]);
	str_release(&out);
}

#define ANSWER(value) "<methodResponse><params><param>" value "</param></params></methodResponse>"

static void xmlrpc_read__gives__json(void **state)
{
	static const struct {
		const char *xml, *json; /* json NULL: no answer */
		bool fault;
	} cases[] = {
		{ ANSWER("<value>OK</value>"), "\"OK\"", false },
		{ ANSWER("<value><string>OK</string></value>"), "\"OK\"", false },
		{ ANSWER("<value></value>"), "\"\"", false },
		{ ANSWER("<value>\n <string> O K </string>\n</value>"), "\" O K \"", false },
		{ ANSWER("<value><int>3</int></value>"), "3", false },
		{ ANSWER("<value><i4>-3</i4></value>"), "-3", false },
		{ ANSWER("<value><i8> 9007199254740993\n</i8></value>"), "9007199254740993", false },
		{ ANSWER("<value><boolean>1</boolean></value>"), "true", false },
		{ ANSWER("<value><boolean>0</boolean></value>"), "false", false },
		{ ANSWER("<value><nil/></value>"), "null", false },
		{ ANSWER("<value><dateTime.iso8601>20261126T04:15:00</dateTime.iso8601></value>"), "\"20261126T04:15:00\"", false },
		{ ANSWER("<value><base64>AAAA</base64></value>"), "\"AAAA\"", false },
		{ ANSWER("<value><array><data/></array></value>"), "[]", false },
		{ ANSWER("<value><array><data><value>AUTH_ERROR</value></data></array></value>"), "[\"AUTH_ERROR\"]", false },
		{ ANSWER("<value><array><data><value><struct><member><name>ttl</name><value><int>300</int></value></member><member>"
			 "<name>rdata</name><value><string>mx.a.</string></value></member></struct></value><value><i4>1</i4></value>"
			 "</data></array></value>"),
			"[{\"ttl\":300,\"rdata\":\"mx.a.\"},1]", false },
		{ ANSWER("<value><struct/></value>"), "{}", false },
		{ "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>429</int></value></member><member>"
		  "<name>faultString</name><value><string>slow</string></value></member></struct></value></fault></methodResponse>",
			"{\"faultCode\":429,\"faultString\":\"slow\"}", true },
		{ "<methodResponse><fault><value>no</value></fault></methodResponse>", NULL, false },
		{ "<methodResponse><fault><value><int>x</int></value></fault></methodResponse>", NULL, false },
		{ "<methodCall><params><param><value>OK</value></param></params></methodCall>", NULL, false },
		{ "<methodResponse><params/></methodResponse>", NULL, false },
		{ "<methodResponse/>", NULL, false },
		{ "<html><body>502</body></html>", NULL, false },
		{ "", NULL, false },
		{ ANSWER("<value><int>x</int></value>"), NULL, false },
		{ ANSWER("<value><int></int></value>"), NULL, false },
		{ ANSWER("<value><int>3x</int></value>"), NULL, false },
		{ ANSWER("<value><i4>x</i4></value>"), NULL, false },
		{ ANSWER("<value><i8>x</i8></value>"), NULL, false },
		{ ANSWER("<value><boolean>true</boolean></value>"), NULL, false },
		{ ANSWER("<value><array><data><value><int>x</int></value></data></array></value>"), NULL, false },
		{ ANSWER("<value><struct><member><name>a</name></member></struct></value>"), NULL, false },
		{ ANSWER("<value><struct><member><name>a</name><value><int>x</int></value></member></struct></value>"), NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool fault = !cases[i].fault;
		json_t *read = xmlrpc_read(cases[i].xml, strlen(cases[i].xml), &fault);
		char *text = read ? json_dumps(read, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

		print_message("# row %zu\n", i);
		assert_int_equal(fault, cases[i].fault);
		if (cases[i].json) {
			assert_non_null(text);
			assert_string_equal(text, cases[i].json);
		} else {
			assert_null(text);
		}
		free(text);
		json_decref(read);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xml_find__follows__a_path),
		cmocka_unit_test(xml_text__is__of_the_element_alone),
		cmocka_unit_test(xml_parse__reads__other_encodings),
		cmocka_unit_test(xml_parse__refuses__what_is_no_document),
		cmocka_unit_test(xml_parse__bounds__depth_and_number),
		cmocka_unit_test(xml_json__is__the_same_tree),
		cmocka_unit_test(xml_add_text__escapes__or_refuses),
		cmocka_unit_test(xmlrpc_add_call__writes__each_type),
		cmocka_unit_test(xmlrpc_add_call__refuses__what_xml_cannot_say),
		cmocka_unit_test(xmlrpc_read__gives__json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
