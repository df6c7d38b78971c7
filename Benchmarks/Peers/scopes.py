"""Measures dependency-injection libraries of Python for `make bench-peers`: nanoseconds per operation, the median of nine batches.

Prints the row of the table, the library, and the time, separated by tabs.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterable, Iterable

import svcs
from dependency_injector import containers, providers
from dishka import Provider, Scope, make_async_container, make_container, provide
from injectq import InjectQ

BATCHES = 9


class Connection:
    """A resource that is opened and closed."""

    def __init__(self):
        self.is_open = True

    def close(self):
        self.is_open = False


def measure(row, library, operation, count):
    for _ in range(count // 5):
        operation()
    times = []
    for _ in range(BATCHES):
        began = time.perf_counter_ns()
        for _ in range(count):
            operation()
        times.append((time.perf_counter_ns() - began) / count)
    print(f"{row}\t{library}\t{statistics.median(times):.0f}", flush=True)


async def measure_async(row, library, operation, count):
    for _ in range(count // 5):
        await operation()
    times = []
    for _ in range(BATCHES):
        began = time.perf_counter_ns()
        for _ in range(count):
            await operation()
        times.append((time.perf_counter_ns() - began) / count)
    print(f"{row}\t{library}\t{statistics.median(times):.0f}", flush=True)


def connection():
    value = Connection()
    yield value
    value.close()


async def async_connection():
    value = Connection()
    yield value
    value.close()


class Connections(Provider):
    @provide(scope=Scope.REQUEST)
    def connection(self) -> Iterable[Connection]:
        yield from connection()


class AsyncConnections(Provider):
    @provide(scope=Scope.REQUEST)
    async def connection(self) -> AsyncIterable[Connection]:
        async for value in async_connection():
            yield value


class Injected(containers.DeclarativeContainer):
    connection = providers.Singleton(Connection)


def main():
    ready, scope, with_async = "get a ready resource", "synchronous scope with a SyncResource", "scope with a Resource"

    registry = svcs.Registry()
    registry.register_factory(Connection, connection)
    known = svcs.Container(registry)
    known.get(Connection)
    measure(ready, "svcs", lambda: known.get(Connection), 20_000)

    def svcs_scope():
        with svcs.Container(registry) as container:
            container.get(Connection)

    measure(scope, "svcs", svcs_scope, 5_000)

    dishka = make_container(Connections())

    def dishka_scope():
        with dishka() as request:
            request.get(Connection)

    measure(scope, "dishka", dishka_scope, 5_000)
    with dishka() as request:
        request.get(Connection)
        measure(ready, "dishka", lambda: request.get(Connection), 20_000)

    injected = Injected()
    injected.connection()
    measure(ready, "dependency-injector", injected.connection, 20_000)

    injectq = InjectQ()
    injectq.bind(Connection, Connection())
    measure(ready, "InjectQ", lambda: injectq.get(Connection), 5_000)

    def injectq_scope():
        with injectq.scope("request"):
            injectq.get(Connection)

    measure(scope, "InjectQ", injectq_scope, 3_000)
    asyncio.run(asynchronous(with_async))


async def asynchronous(row):
    registry = svcs.Registry()
    registry.register_factory(Connection, async_connection)

    async def svcs_scope():
        async with svcs.Container(registry) as container:
            await container.aget(Connection)

    await measure_async(row, "svcs", svcs_scope, 3_000)
    dishka = make_async_container(AsyncConnections())

    async def dishka_scope():
        async with dishka() as request:
            await request.get(Connection)

    await measure_async(row, "dishka", dishka_scope, 3_000)


if __name__ == "__main__":
    main()
