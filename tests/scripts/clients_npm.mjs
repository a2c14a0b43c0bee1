// SPDX-License-Identifier: GPL-3.0-or-later
// The clients that npm has, as clients_steps.py has the others: CLIENT ACCOUNT. Run in the folder that they are installed in.
import fs from "node:fs";

const [client, text] = process.argv.slice(-2), account = JSON.parse(text);
const DOMAIN = "exempel.com", OWNER = "ny", FIRST = "mx3.exempel.net", SECOND = "mx4.exempel.net";
const APEX = "10 mejlserver1.exempel.com, 10 mejlserver2.exempel.com, 20 reserv.exempel.net";

function step(did, want) {
  fs.writeSync(1, JSON.stringify({ did, owner: OWNER, type: "MX", ...(want && { want }) }) + "\n");
  fs.readSync(0, Buffer.alloc(64));
}

function same(found, wanted) {
  if (found !== wanted)
    throw new Error(`found ${found}, wanted ${wanted}`);
}

async function refused(call, word) {
  const why = await call().then(() => "taken", (e) => `${e.name} ${e.message} ${JSON.stringify(e)}`);
  if (!why.includes(word))
    throw new Error(`${why}, wanted ${word}`);
  step("refused");
}

const listed = (records) => records.map(([priority, host]) => `${priority} ${host.replace(/\.$/, "")}`).sort().join(", ");

const clients = {
  // Scaleway's own.
  async scaleway() {
    const { createClient } = await import("@scaleway/sdk-client");
    const { Domainv2beta1 } = await import("@scaleway/sdk-domain");
    const opened = (secretKey) => new Domainv2beta1.API(createClient({ accessKey: "SCW00000000000000000", secretKey }));
    const api = opened(account.key);
    const mine = async (name) => (await api.listDNSZoneRecords({ dnsZone: DOMAIN, name, type: "MX" }).all()).map((r) => [r.priority, r.data]);
    const change = (...changes) => api.updateDNSZoneRecords({ dnsZone: DOMAIN, changes, disallowNewZoneCreation: true });
    const record = (priority, host) => ({ name: OWNER, type: "MX", ttl: 3600, priority, data: host + "." });
    const id = (priority, host) => ({ idFields: { name: OWNER, type: "MX", data: host ? `${priority} ${host}.` : undefined } });

    same((await api.listDNSZones({}).all()).filter((z) => z.domain === DOMAIN).length, 1);
    same(listed(await mine("")), APEX);
    step("list MX");
    await change({ add: { records: [record(30, FIRST)] } });
    step("add MX", [[30, FIRST]]);
    await change({ set: { ...id(), records: [record(40, SECOND)] } });
    step("change MX", [[40, SECOND]]);
    same(listed(await mine(OWNER)), "40 " + SECOND);
    await change({ delete: id() });
    step("remove MX", []);
    await refused(() => opened(account.key.replace(/.$/, "f")).listDNSZones({}), "denied");
  },
  // Made from bunny.net's own description of its API.
  async bunny() {
    const { createBunnyApiClient } = await import("bunny-sdk");
    const api = createBunnyApiClient({ accessKey: account.key }), MX = 4;
    const zone = (await api.dnszone.get({ queryParameters: { page: 1, perPage: 1000, search: DOMAIN } })).items.find((z) => z.domain === DOMAIN), at = api.dnszone.byId(zone.id);
    const mine = async (name) => (await at.get()).records.filter((r) => r.type === MX && r.name === name);

    same(listed((await mine("")).map((r) => [r.priority, r.value])), APEX);
    step("list MX");
    const made = await at.records.put({ type: MX, name: OWNER, ttl: 3600, priority: 30, value: FIRST });
    step("add MX", [[30, FIRST]]);
    await at.records.byId(made.id).post({ priority: 40 });      // it has no way to say another value
    step("change MX", [[40, FIRST]]);
    await at.records.byId(made.id).delete();
    step("remove MX", []);
    await refused(() => createBunnyApiClient({ accessKey: "wrong" }).dnszone.get({ queryParameters: { page: 1, perPage: 1000, search: DOMAIN } }), "401");
  },
};

await clients[client]();
