"""A program with SQLAlchemy's pool, which resmon watches: `python shop_sqlalchemy.py | resmon watch -`, or with --serve `resmon attach shop`.

The counts of the program are the last line of standard error.
"""

import argparse
import contextlib
import json
import sys
import time

from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import QueuePool

from resmon_feed import Feed
from resmon_sqlalchemy import watch

counts = {"created": 0, "closed": 0, "leases": 0, "used": 0}


def count(engine):
    """Counts what the program does, beside the adapter."""
    event.listen(engine.pool, "connect", lambda *_: counts.update(created=counts["created"] + 1))
    event.listen(engine.pool, "close", lambda *_: counts.update(closed=counts["closed"] + 1))


def run(requests, pause, feed):
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=3, max_overflow=2, connect_args={"check_same_thread": False})
    count(engine)
    watch(engine, feed, "db")
    for number in range(requests):
        with contextlib.ExitStack() as stack:
            for _ in range(1 + number % 5):
                connection = stack.enter_context(engine.connect())
                counts["leases"] += 1
                connection.execute(text("SELECT 1"))
            time.sleep(pause)
            if number % 4 == 3:
                connection.invalidate()
    # Two connections stay in use at the end.
    connections = [engine.connect(), engine.connect()]
    counts["leases"] += 2
    counts["used"] = len(connections)
    return connections


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help="serve the feed at a socket instead of writing it to standard output")
    options = parser.parse_args()
    with Feed("shop", output=None if options.serve else sys.stdout) as feed:
        connections = run(options.requests, options.pause, feed)
    print(json.dumps(counts), file=sys.stderr)
    del connections


if __name__ == "__main__":
    main()
