#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check for pipelines: SARIF and JUnit by their standards, --only and --skip, and findings that are accepted for a time."""
import hashlib
import json
import os
import time
import xml.etree.ElementTree as tree

from lab import Lab

ZONE = """$ORIGIN example.org.
$TTL 3600
@ IN SOA ns1 hostmaster 1 3600 600 86400 300
@ NS ns1
@ MX 10 mx1
@ MX 20 alias
@ MX 30 mx9
@ TXT "v=spf1 mx ~all"
ns1 A 5.9.7.1
mx1 A 5.9.0.10
alias CNAME mx2.example.net.
"""
LEVELS = {"error": "error", "warning": "warning", "notice": "note", "info": "note"}


def members(lab, what, value, needed, allowed):
    """An object of the standard: what it must have, and nothing that it may not."""
    lab.ok(isinstance(value, dict) and set(needed) <= set(value) <= set(needed) | set(allowed), f"SARIF: {what} has the members of its kind", value)


def sarif(lab, check):
    plain = check("--json").json()
    seen = check("--format", "sarif")
    log = seen.json() or {}
    members(lab, "the log", log, ("version", "runs"), ("$schema",))
    lab.equal((log.get("version"), log.get("$schema", "").rsplit("/", 1)[-1]), ("2.1.0", "sarif-schema-2.1.0.json"), "SARIF: 2.1.0", seen)
    run = log["runs"][0]
    members(lab, "the run", run, ("tool",), ("results", "invocations", "automationDetails"))
    members(lab, "the driver", run["tool"]["driver"], ("name",), ("version", "rules"))
    rules = run["tool"]["driver"]["rules"]
    demands = rules.pop()  # of a policy, which is no check
    lab.equal((demands["id"], set(demands)), ("policy", {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}),
              "SARIF: a rule for what a policy demands")
    for rule in rules:
        if set(rule) != {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"} or \
                rule["defaultConfiguration"]["level"] not in ("error", "warning", "note") or not rule["shortDescription"]["text"]:
            lab.ok(False, f"SARIF: rule {rule.get('id')}", rule)
    listed = [row["id"] for row in lab.run("list", "checks", "--json").json()["checks"]]
    lab.equal([rule["id"] for rule in rules], listed, "SARIF: every check is a rule, once")
    for result in run["results"]:
        members(lab, result["ruleId"], result,
                ("ruleId", "ruleIndex", "level", "kind", "message", "locations", "partialFingerprints", "properties"), ())
        lab.ok(rules[result["ruleIndex"]]["id"] == result["ruleId"] and result["kind"] == "fail" and
               all(set(p) == {"name", "fullyQualifiedName", "kind"} for place in result["locations"] for p in place["logicalLocations"]),
               f"SARIF: {result['ruleId']} points at its rule and at a name", result)
    lab.equal([(r["ruleId"], r["level"], r["message"]["text"]) for r in run["results"]],
              [(f["id"], LEVELS[f["level"]], f["text"]) for f in plain["findings"]], "SARIF: the findings are those of --json")
    said = run["invocations"][0]
    members(lab, "the invocation", said, ("executionSuccessful",), ("toolExecutionNotifications",))
    lab.equal([(n["descriptor"]["id"], n["message"]["text"]) for n in said["toolExecutionNotifications"]],
              [(n["id"], n["reason"]) for n in plain["not_checked"]], "SARIF: what was not checked is told")
    schema = os.environ.get("SARIF_SCHEMA")     # where somebody has the standard's own file
    if schema:
        import jsonschema
        with open(schema) as file:
            jsonschema.Draft7Validator(json.load(file)).validate(log)


def code_scanning(lab, check):
    """What GitHub's code scanning wants beyond the standard: one result without it, and it refuses all of them."""
    zone, policy = f"{lab.dir}/example.org.zone", lab.write("demands", "[domain example.org]\nmust = ttl <= 1m\nmust = 9 hosts\n")
    two = lab.write("example.net.zone", "$ORIGIN example.net.\n@ 3600 SOA ns1 h 1 3600 600 86400 300\n@ 3600 NS ns1.example.org.\n")
    plan = f"{lab.dir}/plan.json"
    lab.run("draft", "example.org", "add", "40", "mx4.example.org", "--zone", zone, "-o", plan)
    for words, uri in ((("--require", policy), f"file://{zone}"), (("--zone", two), "example.org")):
        run = check("--format", "sarif", *words).json()["runs"][0]
        lab.equal(run["automationDetails"], {"id": "mxladder/example.org/"}, f"{uri}: a domain's results are a category of their own")
        places = [(len(r["locations"]), r["locations"][0]["physicalLocation"]) for r in run["results"]]
        lab.ok(places, f"{uri}: there are results")
        lab.equal([p for p in places if p != (1, {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}})], [], f"{uri}: each has a file and a line")
        prints = [(r["ruleId"], r["partialFingerprints"]["primaryLocationLineHash"]) for r in run["results"]]
        lab.equal(len(set(prints)), len(prints), f"{uri}: no two are taken for one")
        lab.equal([r["id"] for r in run["tool"]["driver"]["rules"] if not all(r[n]["text"] for n in ("shortDescription", "fullDescription", "help"))], [],
                  f"{uri}: each rule has its three texts")
    again = check("--format", "sarif", env=lab.clock(86400)).json()["runs"][0]["results"]
    lab.equal([r["partialFingerprints"] for r in again], [r["partialFingerprints"] for r in check("--format", "sarif").json()["runs"][0]["results"]],
              "the next run's results are known again")
    os.makedirs(f"{lab.dir}/plans, öre", exist_ok=True)
    os.rename(plan, f"{lab.dir}/plans, öre/a b.json")
    seen = lab.run("check", "./plans, öre/a b.json", "--zone", zone, "--format", "sarif")
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in seen.json()["runs"][0]["results"]}
    lab.equal(uris, {"plans%2C%20%C3%B6re/a%20b.json"}, "a plan's file, as a URI", seen)


def junit(lab, check):
    for bar, failing in (("error", {"error"}), ("notice", {"error", "warning", "notice"})):
        plain = check("--json", "--fail-on", bar).json()
        seen = check("--format", "junit", "--fail-on", bar)
        root = tree.fromstring(seen.out)
        suite = root[0]
        cases = list(suite)
        lab.equal((root.tag, suite.tag, suite.get("name"), {c.tag for c in cases}, {c.get("classname") for c in cases}),
                  ("testsuites", "testsuite", "example.org", {"testcase"}, {"example.org"}), f"JUnit, {bar}: a suite of test cases")
        failed = {c.get("name"): [(f.get("type"), f.get("message")) for f in c if f.tag == "failure"] for c in cases}
        wanted = {}
        for finding in plain["findings"]:
            if finding["level"] in failing:
                wanted.setdefault(finding["id"], []).append((finding["level"], finding["text"]))
        lab.equal({name: rows for name, rows in failed.items() if rows}, wanted, f"JUnit, {bar}: what fails", seen)
        skipped = {c.get("name") for c in cases if c.find("skipped") is not None}
        lab.equal(skipped, {n["id"] for n in plain["not_checked"]} & set(failed) - set(wanted), f"JUnit, {bar}: what was not checked is skipped", seen)
        lab.equal([int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")], [len(cases), len(wanted), 0, len(skipped)],
                  f"JUnit, {bar}: the counts", seen)
        allowed = {"failure": {"type", "message"}, "skipped": {"message"}, "system-out": set()}
        lab.ok(all(child.tag in allowed and set(child.attrib) == allowed[child.tag] for c in cases for child in c),
               f"JUnit, {bar}: no element or attribute of our own", seen)
        lab.equal((set(root.attrib), set(suite.attrib), {frozenset(c.attrib) for c in cases}),
                  ({"name"}, {"name", "tests", "failures", "errors", "skipped"}, {frozenset(("classname", "name"))}),
                  f"JUnit, {bar}: each element has the attributes that it must have, and no others", seen)
        names = [c.get("name") for c in cases]
        rows = lab.run("list", "checks", "--json").json()
        order = [row["id"] for row in (rows if isinstance(rows, list) else next(v for v in rows.values() if isinstance(v, list)))]
        lab.equal((names, len(set(names))), ([name for name in order if name in names], len(names)), f"JUnit, {bar}: each check once, as they are listed", seen)
        lab.ok(all([child.tag for child in c].count("skipped") <= (c.find("failure") is None) and
                   [child.tag for child in c] == sorted((child.tag for child in c), key=["skipped", "failure", "system-out"].index) for c in cases),
               f"JUnit, {bar}: what failed is not skipped too, and what is written out comes last", seen)
        lab.ok(seen.out.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ') and seen.out.endswith("</testsuites>\n"),
               f"JUnit, {bar}: one document with its declaration first", seen)
        lab.equal(seen.status, 1, f"JUnit, {bar}: the status is that of text", seen)


def chosen(lab, check):
    seen = check("--json", "--only", "target-cname,servers")
    value = seen.json()
    lab.equal(({f["id"] for f in value["findings"]}, {n["id"] for n in value["not_checked"]}), ({"target-cname"}, {"servers"}),
              "--only: these alone", seen)
    value = check("--json", "--skip", "target-cname", "--skip", "target-nxdomain,spf").json()
    ids = {row["id"] for row in value["findings"] + value["not_checked"]}
    lab.ok(not ids & {"target-cname", "target-nxdomain", "spf"} and "v4-only" in ids, "--skip: all but these", value)
    lab.equal(check("--only", "flat").status, 0, "--only: what is left out does not fail")
    cases = tree.fromstring(check("--format", "junit", "--only", "flat,spof").out)[0]
    lab.equal([c.get("name") for c in cases], ["spof", "flat"], "--only: the others are no test cases")
    for words, says in ((("--only", "flat,nothing"), "there is no check \"nothing\""), (("--skip", ""), "--skip wants ids of checks"),
                        (("--format", "yaml"), "--format takes text, json, sarif or junit, not \"yaml\"")):
        seen = check(*words)
        lab.ok(seen.status == 2 and says in seen.err and seen.out == "", f"{' '.join(words)}: refused", seen)


def wrong_clock(lab, check):
    """A clock that is off by days: the end that is told is the file's."""
    path, day = f"{lab.dir}/ends", lambda days: time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))
    for ends, off, status in ((2, 4, 1), (2, 0, 0), (-2, -4, 0), (-2, 0, 1)):
        with open(path, "w") as file:
            file.write(f"example.org target-cname@alias.example.org {day(ends)} moves\n")
        seen = check("--accepted", path, "--only", "target-cname", env=lab.clock(off * 86400))
        lab.equal((seen.status, f"Accepted until {day(ends)}T23:59:59Z: moves" in seen.out), (status, status == 0),
                  f"accepted until {ends} days from now, the clock off by {off}: it {'counts' if status else 'is accepted, with its end'}", seen)


def accepted(lab, check):
    path = f"{lab.dir}/accepted"
    with open(path, "w") as file:
        file.write("# reviewed in November\nexample.org target-cname@alias.example.org 2020-01-01 it has run out\n")
    with_file = ("--accepted", path)
    lab.equal(check(*with_file, "--only", "target-cname").status, 1, "accepted: an acceptance that has run out counts no more")
    seen = check(*with_file, "--only", "target-cname", "--accept", "target-cname@alias.example.org=moves <soon> & well", "--until", "90d", "--json")
    value = seen.json()
    row = value["findings"][0]
    lab.equal((seen.status, row["accepted"]["reason"], value["counts"]), (0, "moves <soon> & well",
              {"error": 0, "warning": 0, "notice": 0, "info": 0, "accepted": 1}), "--accept: told apart, and the check holds", seen)
    with open(path) as file:
        lines = file.read().splitlines()
    lab.equal((lines[:2], lines[2].split()[:2], lines[2].split(" ", 3)[3]),
              (["# reviewed in November", "example.org target-cname@alias.example.org 2020-01-01 it has run out"],
               ["example.org", "target-cname@alias.example.org"], "moves <soon> & well"), "--accept: a line is added, the others stay")
    seen = check(*with_file)
    lab.ok(f"Accepted until {row['accepted']['until']}: moves <soon> & well" in seen.out and ", and 1 accepted\n" in seen.out,
           "accepted: text says why and until when", seen)
    result = [r for r in check(*with_file, "--format", "sarif").json()["runs"][0]["results"] if r["ruleId"] == "target-cname"]
    lab.equal([r.get("suppressions") for r in result], [[{"kind": "external", "status": "accepted", "justification": "moves <soon> & well"}]],
              "accepted: SARIF suppresses it")
    case = tree.fromstring(check(*with_file, "--format", "junit", "--only", "target-cname").out)[0][0]
    lab.ok(case.find("failure") is None and "moves <soon> & well" in case.find("system-out").text, "accepted: JUnit does not fail")
    lab.configure(f"[main]\naccepted_file = {path}\n")
    lab.equal(check("--only", "target-cname").status, 0, "accepted: the configuration names the file")
    for words, says in ((("--accept", "target-cname=x"), "--accept wants an end"), (("--accept", "nothing=x", "--until", "1d"), "there is no check"),
                        (("--accept", "spof=x", "--until", "2020-01-31"), "is over already"),
                        (("--accept", "target-cname", "--until", "1d"), "--accept wants ID=REASON"),
                        (("--accept", "spof=x", "--until", "1d", "--read-only"), "--read-only")):
        seen = check(*with_file, *words)
        lab.ok(seen.status == 2 and says in seen.err, f"{' '.join(words)}: refused", seen)
    wrong_clock(lab, check)
    with open(path, "a") as file:
        file.write("example.org spof soon why\n")
    seen = check(*with_file)
    lab.ok(seen.status == 2 and "line 4: \"soon\" is no day" in seen.err, "accepted: a line that cannot be read is named", seen)
    seen = check("--accepted", f"{lab.dir}/nowhere")
    lab.equal(seen.status, 4, "accepted: a file that is not there", seen)
    odd = f"{lab.dir}/odd"
    with open(odd, "w", encoding="utf-8") as file:
        file.write("example.org target-cname 2037-01-31 \x1b[31mred\x01\n")
    out = check("--accepted", odd, "--format", "junit", "--only", "target-cname").out
    lab.ok("\x1b" not in out and tree.fromstring(out)[0][0].find("system-out").text.endswith("[\\x1b[31mred\\x01]\n"),
           "accepted: JUnit shows what is in the reason, and is XML", out)
    os.symlink("loop", f"{lab.dir}/loop")
    seen = check("--accepted", f"{lab.dir}/loop", "--accept", "spof=x", "--until", "1d")
    lab.ok(seen.status == 4 and os.path.islink(f"{lab.dir}/loop"), "--accept: what cannot be read is not written over", seen)


def refused(lab, zone):
    """A plan that keeps what its provider would not store: no finding is new, and the status has its reason."""
    sets = {"ttl": 30, "records": [{"preference": 10, "host": "mx1.example.org"}]}
    plan = {"domain": "example.org", "zone": "example.org", "account": "lab", "provider": "hetzner", "base": sets,
            "want": {**sets, "records": sets["records"] + [{"preference": 20, "host": "mx1.example.org"}]}}
    plan["id"] = "sha256:" + hashlib.sha256(json.dumps(plan, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    path = lab.write("kept.json", json.dumps({"mxladder_plan": 1, **plan, "note": "", "created": {"at": "2026-11-25T10:00:00Z", "by": "anna"},
                                              "approvals": []}))
    world = lab.write("thirty", zone.replace("$TTL 3600", "$TTL 30"))
    for form in ("sarif", "junit", "text"):
        seen = lab.run("check", path, "--zone", world, "--format", form, "--only", "ttl-floor")
        lab.ok(seen.status == 1 and "Hetzner" in seen.err and "1m" in seen.err, f"{form}: what the provider would not store is said", seen)


with Lab() as lab:
    with open(f"{lab.dir}/example.org.zone", "w") as out:
        out.write(ZONE)

    def check(*words, env=None):
        return lab.run("check", "example.org", "--zone", f"{lab.dir}/example.org.zone", *words, env=env)

    sarif(lab, check)
    code_scanning(lab, check)
    junit(lab, check)
    chosen(lab, check)
    refused(lab, ZONE)
    accepted(lab, check)
