"""A shop on dishka, which resmon watches: `python shop_dishka.py | resmon watch -`, or with --serve `resmon attach shop`.

The counts of the program are the last line of standard error.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator

from dishka import Provider, Scope, make_async_container, provide

from resmon_dishka import watch
from resmon_feed import Feed

counts = {"created": 0, "disposed": 0, "threw": 0, "failed": 0, "scopes": 0}


class Database:
    pass


class Session:
    def __init__(self, database):
        self.database = database


class Cart:
    pass


class Mailer:
    pass


class Shop(Provider):
    @provide(scope=Scope.APP)
    async def database(self) -> AsyncIterator[Database]:
        counts["created"] += 1
        yield Database()
        counts["disposed"] += 1

    @provide(scope=Scope.REQUEST)
    def session(self, database: Database) -> Iterator[Session]:
        counts["created"] += 1
        yield Session(database)
        if counts["scopes"] % 7 == 6:
            counts["threw"] += 1
            raise OSError("broken pipe")
        counts["disposed"] += 1

    @provide(scope=Scope.REQUEST)
    def cart(self, session: Session) -> Cart:
        counts["created"] += 1
        return Cart()

    @provide(scope=Scope.REQUEST, cache=False)
    async def mailer(self) -> Mailer:
        if counts["scopes"] % 5 == 4:
            counts["failed"] += 1
            raise OSError("the mail server does not answer")
        counts["created"] += 1
        return Mailer()


async def run(requests, pause, feed):
    container = make_async_container(Shop())
    watch(container, feed)
    for _ in range(requests):
        try:
            async with container() as request:
                await request.get(Cart)
                await request.get(Session)
                await asyncio.sleep(pause)
                await request.get(Mailer)
        except Exception as error:
            print(f"a request failed: {error}", file=sys.stderr)
        counts["scopes"] += 1
    await container.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help="serve the feed at a socket instead of writing it to standard output")
    options = parser.parse_args()
    with Feed("shop", output=None if options.serve else sys.stdout) as feed:
        asyncio.run(run(options.requests, options.pause, feed))
    print(json.dumps(counts), file=sys.stderr)


if __name__ == "__main__":
    main()
