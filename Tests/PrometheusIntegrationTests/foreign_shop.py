"""A program in another language, for tests with a real Prometheus: serves a feed in a folder of sockets, and counts what it does itself.

Usage: foreign_shop.py MODULES FOLDER, where MODULES has resmon_feed.py

Fifty requests a second make and dispose an order; one of ten fails. When FOLDER/rest exists, the load ends, and the counts are written to
FOLDER/PID.counts. It runs until it is killed.
"""

import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from resmon_feed import Feed  # noqa: E402  The folder is known only now.

folder = sys.argv[2]
created = failed = closed = 0
with Feed("foreign", directory=folder) as feed:
    database = feed.make("Database")
    feed.ready(database, 0.01)
    feed.pool("db", max=4, used=1, idle=2, waiting=0, created=3, leases=7)
    created = 2  # the database and the pool
    while not os.path.exists(f"{folder}/rest"):
        with feed.scope(f"request-{closed}", tag="request"):
            order = feed.make("Order")
            created += 1
            if created % 10 == 0:
                feed.failed(order, ValueError("out of stock"))
                failed += 1
            else:
                feed.ready(order)
                feed.disposed(order)
        closed += 1
        time.sleep(0.02)
    feed.open("request-left", tag="request")
    with open(f"{folder}/counts", "w") as file:
        json.dump({"created": created, "failed": failed, "closed": closed, "open": 1, "active": 2}, file)
    os.rename(f"{folder}/counts", f"{folder}/{os.getpid()}.counts")
    while True:
        time.sleep(60)
