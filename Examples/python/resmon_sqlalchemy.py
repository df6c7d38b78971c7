"""Shows the connection pool of a SQLAlchemy engine in resmon, by the pool's events. Tested with SQLAlchemy 2.1.

    from sqlalchemy import create_engine
    from resmon_feed import Feed
    from resmon_sqlalchemy import watch

    engine = create_engine("postgresql://...")
    feed = Feed("shop").start()
    watch(engine, feed, "db")

SQLAlchemy has no event for a wait, so the figures of waiters and of their waits are absent. For an asynchronous engine, pass
`engine.sync_engine`.
"""

import threading

from sqlalchemy import event


class watch:  # noqa: N801
    """Reports a pool to a feed after each of its events. The attributes are what was reported last."""

    def __init__(self, engine, feed, name=None):
        self._pool = engine.pool
        self._feed = feed
        self._name = name or engine.url.database or "db"
        self._lock = threading.Lock()
        self.created = self.closed = self.used = self.leases = 0
        feed.ready(feed.make(type(self._pool).__name__, feed.root, name=self._name), 0)
        event.listen(self._pool, "connect", self._connect)
        event.listen(self._pool, "close", self._close)
        event.listen(self._pool, "close_detached", self._close_detached)
        event.listen(self._pool, "detach", self._detach)
        event.listen(self._pool, "checkout", self._checkout)
        event.listen(self._pool, "checkin", self._checkin)
        self._report()

    def _connect(self, connection, record):
        self._report(created=1)

    def _close(self, connection, record):
        self._report(closed=1)

    def _checkout(self, connection, record, proxy):
        self._report(used=1, leases=1)

    def _checkin(self, connection, record):
        self._report(used=-1)

    def _detach(self, connection, record):
        # The connection belongs to its holder from now on.
        self._report(used=-1, closed=1)

    def _close_detached(self, connection):
        self._report()

    def _report(self, created=0, closed=0, used=0, leases=0):
        with self._lock:
            self.created += created
            self.closed += closed
            self.used += used
            self.leases += leases
            idle = max(0, self.created - self.closed - self.used)
            self._feed.pool(self._name, max=self._maximum(), used=self.used, idle=idle, created=self.created, leases=self.leases)

    def _maximum(self):
        """The largest number of connections; None without a limit: a size of 0, an overflow of -1, or a pool that keeps no connections."""
        size = getattr(self._pool, "size", lambda: 0)()
        overflow = getattr(self._pool, "_max_overflow", 0)
        return None if size == 0 or overflow < 0 else size + overflow
