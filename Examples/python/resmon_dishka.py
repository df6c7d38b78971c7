"""Shows a dishka container in resmon. Made for dishka 1.10.1 and tested with it: dishka has no hooks, so this file wraps private parts of it.

    from dishka import make_async_container
    from resmon_feed import Feed
    from resmon_dishka import watch

    container = make_async_container(provider)
    feed = Feed("shop").start()
    watch(container, feed)

Pin the version (`dishka==1.10.1`): another version may have other private parts, and the log has a warning then. Only asynchronous containers
are shown. An instance of a generator is disposed when the generator ends; one without is dropped when its container is closed.
"""

import contextvars
import functools
import importlib.metadata
import itertools
import logging
import time

from dishka.async_container import AsyncContainer
from dishka.entities.factory_type import FactoryType
from dishka.entities.key import compilation_to_dependency_key
from dishka.registry import Registry

VERSION = "1.10.1"
_MADE = (FactoryType.FACTORY, FactoryType.ASYNC_FACTORY, FactoryType.GENERATOR, FactoryType.ASYNC_GENERATOR)
_log = logging.getLogger("resmon")
_watched = {}
_numbers = itertools.count(1)
_making = contextvars.ContextVar("resmon_dishka_making", default=())
_originals = {}


class _Container:
    """A container of dishka as a scope of the feed."""

    def __init__(self, feed, label, owner):
        self.feed = feed
        self.label = label
        # The container whose end closes the scope; None for the outermost one.
        self.owner = owner
        # The names of instances by their keys, and those that have no generator.
        self.names = {}
        self.plain = []


def watch(container, feed):
    """Reports an asynchronous container of dishka, and those inside it, to a feed. To be called before the first instance is created."""
    _install()
    while container is not None:
        _watched[id(container)] = _Container(feed, feed.root, None)
        container = container.parent_container


def _install():
    """Wraps the methods of dishka, once."""
    if _originals:
        return
    version = importlib.metadata.version("dishka")
    if version != VERSION:
        _log.warning("resmon_dishka was made for dishka %s, and this is %s", VERSION, version)
    for owner, name, wrap in (
        (AsyncContainer, "__call__", _call),
        (AsyncContainer, "__aexit__", _aexit),
        (Registry, "get_compiled_async", _get_compiled_async),
    ):
        _originals[name] = getattr(owner, name)
        setattr(owner, name, functools.wraps(_originals[name])(wrap))


def _call(self, *arguments, **options):
    child = _originals["__call__"](self, *arguments, **options)
    around = _watched.get(id(self))
    if around is not None:
        label = f"{child.scope.name.lower()}-{next(_numbers)}"
        around.feed.open(label, around.label, tag=child.scope.name.lower())
        inner = child
        # Scopes that are skipped have containers, too, which end with the child.
        while inner is not self:
            _watched[id(inner)] = _Container(around.feed, label, child)
            inner = inner.parent_container
    return child


async def _aexit(self, exc_type=None, exception=None, exc_tb=None):
    watched = _watched.get(id(self))
    if watched is None:
        return await _originals["__aexit__"](self, exc_type, exception, exc_tb)
    feed = watched.feed
    if watched.owner is self:
        feed.closing(watched.label)
    try:
        return await _originals["__aexit__"](self, exc_type, exception, exc_tb)
    finally:
        for name in reversed(watched.plain):
            feed.disposed(name)
        watched.plain.clear()
        watched.names.clear()
        if watched.owner is not None:
            del _watched[id(self)]
        if watched.owner is self:
            feed.close(watched.label, "returned" if exception is None else "threw", exception)


def _get_compiled_async(self, dependency):
    is_known = dependency in self.compiled_async
    compiled = _originals["get_compiled_async"](self, dependency)
    if is_known or compiled is None or hasattr(compiled, "resmon"):
        return compiled
    key = compilation_to_dependency_key(dependency)
    factory = self.get_factory(key)
    if factory is None or factory.type not in _MADE:
        return compiled
    observed = _observed(compiled, factory)
    observed.resmon = True
    self.compiled_async[dependency] = observed
    return observed


def _observed(compiled, factory):
    key = factory.provides
    type_name = getattr(key.type_hint, "__name__", str(key.type_hint))
    cache_key = key.as_compilation_key()

    async def observed(getter, exits, cache, context, container, has):
        watched = _watched.get(id(container))
        if watched is None or factory.cache and cache_key in cache:
            value = await compiled(getter, exits, cache, context, container, has)
            _needed(watched and watched.names.get(cache_key))
            return value
        name = watched.feed.make(type_name, watched.label)
        began, needs, before = time.monotonic(), [], len(exits)
        token = _making.set((*_making.get(), needs))
        try:
            value = await compiled(getter, exits, cache, context, container, has)
        except BaseException as error:
            watched.feed.failed(name, error)
            raise
        finally:
            _making.reset(token)
        watched.feed.ready(name, time.monotonic() - began, needs)
        if factory.cache:
            watched.names[cache_key] = name
        if len(exits) > before and factory.type in (FactoryType.GENERATOR, FactoryType.ASYNC_GENERATOR):
            generator, async_generator = exits[-1]
            exits[-1] = (
                generator and _Generator(generator, watched.feed, name),
                async_generator and _AsyncGenerator(async_generator, watched.feed, name),
            )
        else:
            watched.plain.append(name)
        _needed(name)
        return value

    return observed


def _needed(name):
    """An instance was resolved, by the program or for an instance that is being created."""
    making = _making.get()
    if name and making and name not in making[-1]:
        making[-1].append(name)


class _Generator:
    """The generator of an instance, whose end is the dispose of the instance."""

    def __init__(self, generator, feed, name):
        self._generator = generator
        self._feed = feed
        self._name = name
        self._began = 0.0

    def send(self, value):
        self._begin()
        try:
            result = self._generator.send(value)
        except StopIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise
        self._end()
        return result

    def _begin(self):
        self._began = time.monotonic()
        self._feed.disposing(self._name)

    def _end(self, error=None):
        self._feed.disposed(self._name, time.monotonic() - self._began, error)


class _AsyncGenerator(_Generator):
    async def asend(self, value):
        self._begin()
        try:
            result = await self._generator.asend(value)
        except StopAsyncIteration:
            self._end()
            raise
        except BaseException as error:
            self._end(error)
            raise
        self._end()
        return result
