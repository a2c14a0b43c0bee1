# SPDX-License-Identifier: GPL-3.0-or-later
"""adapted.py: a stand-in with an answer() of its own (cloudflare.py, digitalocean.py) as one of the Vendors of vendor.py, so that
all vendors can be told the same. The inner one keeps its zones, its history and its rules."""
import argparse
import copy

from service import Refused
from vendor import SWITCHES, Vendor


class Adapted(Vendor):
    wanted = {}                     # what the inner one is told at its start

    def load(self):
        self.switch, self.tokens = dict(SWITCHES), {}
        self.inner = self.make(argparse.Namespace(state=self.state_file, token_file=None, **self.wanted))
        self.log = []
        self.settle()
        self.zones = {name: {"name": name} for name in self.names()}

    def told(self, switches):
        super().told(switches)
        self.inner.token = self.valid_secret()
        most, window = self.switch["limit"] or (100000, 60)
        self.limited(most, window)
        self.inner.args.page_size = self.switch["page"] or self.page

    def settle(self):
        super().settle()
        self.inner.asked = []

    def mx(self, zone):
        return self.inner.history[self.key(zone["name"])][-1]

    def state(self):
        return {**self.inner.state(), "exchanges": self.exchanges, "writes": self.writes}

    def dns_records(self):
        return self.inner.dns_records()

    def serve(self, q):
        writes = q.method != "GET"
        self.writes += writes
        try:
            now = self.inner.zones
            if writes and self.switch["lag"]:
                self.old, self.stale = copy.deepcopy(now), self.switch["lag"]
            if not writes and self.stale:
                self.stale, self.inner.zones = self.stale - 1, self.old
            try:
                return self.inner.answer(q.method, q.path, q.query, q.headers, q.body)
            finally:
                self.inner.zones = now
        except Refused as e:
            return e.status, e.headers, e.body

    def intruded(self):
        if self.switch["intrude"] and self.switch["intrude"][0] == self.exchanges:
            _, name, ttl, records = self.switch["intrude"]
            self.intrude(name, ttl, records)
