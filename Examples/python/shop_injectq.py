"""A shop on InjectQ, which resmon watches: `python shop_injectq.py | resmon watch -`, or with --serve `resmon attach shop`.

Every request opens a scope with a cart and a session, and closes two of three sessions. InjectQ does not close the third one.
The counts of the program are the last line of standard error.
"""

import argparse
import json
import sys
import time

from injectq import InjectQ
from injectq.core.scopes import ScopeType

from resmon_feed import Feed
from resmon_injectq import watch

counts = {"created": 0, "closed": 0, "scopes": 0}


class Counted:
    def __init__(self):
        counts["created"] += 1


class Database(Counted):
    def close(self):
        counts["closed"] += 1


class Cart(Counted):
    pass


class Session(Counted):
    def __init__(self, database: Database, cart: Cart):
        super().__init__()
        self.database = database
        self.cart = cart

    def close(self):
        counts["closed"] += 1


class Mailer(Counted):
    def __init__(self, database: Database):
        super().__init__()
        if counts["scopes"] % 5 == 4:
            raise OSError("the mail server does not answer")


def run(requests, pause, feed):
    container = InjectQ()
    watch(container, feed)
    container.bind(Database, Database, scope=ScopeType.SINGLETON)
    container.bind(Cart, Cart, scope="async_request")
    container.bind(Session, Session, scope="async_request")
    container.bind(Mailer, Mailer, scope=ScopeType.TRANSIENT)
    failed = 0
    for number in range(requests):
        try:
            with container.scope("async_request"):
                session = container.get(Session)
                mailer = container.get(Mailer)
                del mailer
                time.sleep(pause)
                if number % 3:
                    session.close()
                session = None
        except Exception:
            failed += 1
            session = None
        counts["scopes"] += 1
    counts["failed"] = failed
    container.get(Database).close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help="serve the feed at a socket instead of writing it to standard output")
    options = parser.parse_args()
    with Feed("shop", output=None if options.serve else sys.stdout) as feed:
        run(options.requests, options.pause, feed)
    print(json.dumps(counts), file=sys.stderr)


if __name__ == "__main__":
    main()
