"""Tests of the adapters for InjectQ and SQLAlchemy: `python -m unittest test_adapters`, with the packages of requirements.txt."""

import dataclasses
import io
import unittest

from injectq import InjectQ
from sqlalchemy import create_engine
from sqlalchemy.pool import QueuePool

import resmon_injectq
import resmon_sqlalchemy
from resmon_feed import UNLIMITED, Feed


class Plain:
    def close(self):
        pass


class Slots:
    __slots__ = ("__weakref__",)

    def close(self):
        pass


@dataclasses.dataclass(frozen=True)
class Frozen:
    number: int = 1

    def close(self):
        pass


class InjectQTests(unittest.TestCase):
    def ends(self, closes):
        """Creates each class in a scope, closes what `closes` contains, and returns the figures of what has ended, by type."""
        feed = Feed("shop", output=io.StringIO())
        container = InjectQ()
        resmon_injectq.watch(container, feed)
        for kind in (Plain, Slots, Frozen):
            container.bind(kind, kind, scope="request")
        with container.scope("request"):
            for kind in (Plain, Slots, Frozen):
                instance = container.get(kind)
                if kind in closes:
                    instance.close()
        return {name: dict(past) for name, past in feed._past.items()}

    def test_an_instance_that_accepts_no_attribute_is_closed_like_any_other(self):
        expected = {"disposals": 1, "errors": 0}
        self.assertEqual(self.ends((Plain, Slots, Frozen)), {"Plain": expected, "Slots": expected, "Frozen": expected})

    def test_an_instance_that_is_not_closed_is_left_behind(self):
        ends = self.ends((Slots,))
        self.assertEqual(ends["Slots"], {"disposals": 1, "errors": 0})
        self.assertEqual(ends["Plain"], {"abandonments": 1, "errors": 1})
        self.assertEqual(ends["Frozen"], {"abandonments": 1, "errors": 1})


class SQLAlchemyTests(unittest.TestCase):
    def maximum(self, **options):
        engine = create_engine("sqlite://", poolclass=QueuePool, connect_args={"check_same_thread": False}, **options)
        feed = Feed("shop", output=io.StringIO())
        resmon_sqlalchemy.watch(engine, feed, "db")
        return feed._pools["db"]["max"]

    def test_the_maximum_of_a_pool_contains_its_overflow(self):
        self.assertEqual(self.maximum(pool_size=3, max_overflow=2), 5)

    def test_a_pool_without_a_limit_states_none(self):
        self.assertEqual(self.maximum(pool_size=3, max_overflow=-1), UNLIMITED)
        self.assertEqual(self.maximum(pool_size=0, max_overflow=10), UNLIMITED)


if __name__ == "__main__":
    unittest.main()
