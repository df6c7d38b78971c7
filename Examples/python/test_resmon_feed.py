"""Tests of resmon_feed: `python -m unittest` in this folder."""

import asyncio
import io
import itertools
import json
import os
import shutil
import socket
import tempfile
import threading
import time
import unittest

from resmon_feed import Feed, _described


class Output(io.StringIO):
    """The output of a feed, whose writes can be stopped."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def write(self, text):
        self.gate.wait()
        return super().write(text)

    def lines(self):
        return [json.loads(line) for line in self.getvalue().split("\n") if line]


def kinds(lines):
    return [next(iter(line)) for line in lines if "beat" not in line]


class OutputTests(unittest.TestCase):
    """A feed that is written to a text file."""

    def feed(self, **options):
        self.output = Output()
        return Feed("shop", output=self.output, **options)

    def test_lines_are_in_the_order_of_the_calls(self):
        with self.feed() as feed:
            with feed.scope("r1", tag="request"):
                cart = feed.make("Cart")
                feed.ready(cart, 0.5)
                feed.disposed(cart, 0.1)
        lines = self.output.lines()
        self.assertEqual(kinds(lines), ["resmon", "closed", "live", "open", "make", "ready", "disposed", "close", "end"])
        self.assertEqual(lines[0]["container"], "shop")
        self.assertEqual(lines[4]["in"], "r1")
        self.assertEqual(lines[7]["outcome"], "returned")
        self.assertTrue(all("at" in line for line in lines[2:]))

    def test_a_scope_closes_with_the_outcome_of_its_body(self):
        with self.feed() as feed:
            with self.assertRaises(ValueError), feed.scope("r1"):
                raise ValueError("no cart")
            with self.assertRaises(asyncio.CancelledError), feed.scope("r2"):
                raise asyncio.CancelledError
        closes = [line for line in self.output.lines() if "close" in line]
        self.assertEqual(closes[0]["outcome"], "threw")
        self.assertEqual((closes[0]["type"], closes[0]["text"]), ("ValueError", "no cart"))
        self.assertEqual(closes[1]["outcome"], "canceled")

    def test_a_client_that_reads_nothing_misses_lines_and_receives_what_exists(self):
        feed = self.feed(capacity=10).start()
        self.output.gate.clear()
        names = []
        for _ in range(50):
            name = feed.make("Cart")
            feed.ready(name)
            names.append(name)
        for name in names[:40]:
            feed.disposed(name)
        self.output.gate.set()
        feed.stop()
        lines = self.output.lines()
        missed = [index for index, line in enumerate(lines) if "missed" in line]
        self.assertEqual(len(missed), 1)
        described = lines[missed[0] :]
        self.assertEqual([line["id"] for line in described if "make" in line], names[40:])
        self.assertEqual([line["disposals"] for line in described if "past" in line], [40])
        self.assertEqual(kinds(described)[-1], "end")

    def test_texts_of_any_form_are_one_line(self):
        with self.feed() as feed:
            feed.note("two\nlines \u2028 😀 \"quoted\"")
            feed.note("half \ud83d")
            feed.error(feed.make("Cart"), OSError("no\r\nroute"))
        notes = [line["note"] for line in self.output.lines() if "note" in line]
        self.assertEqual(notes, ["two\nlines \u2028 😀 \"quoted\"", "half ?"])

    def test_calls_from_many_threads_lose_no_line(self):
        def work(number):
            for step in range(200):
                with feed.scope(f"r{number}-{step}"):
                    feed.disposed(feed.make("Cart"))

        with self.feed(capacity=100_000) as feed:
            threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        lines = self.output.lines()
        self.assertEqual(sum("close" in line for line in lines), 800)
        self.assertEqual(sum("disposed" in line for line in lines), 800)


class DescriptionTests(unittest.TestCase):
    """What a newcomer receives."""

    def described(self, feed):
        return [json.loads(line) for line in b"".join(_described(*feed._description())).splitlines()]

    def test_what_is_alive_and_what_has_ended(self):
        feed = Feed("shop", output=Output())
        feed.bind("Database", "singleton", "shop.py", 12)
        database = feed.make("Database")
        feed.ready(database)
        feed.health(database, "healthy")
        feed.open("r1")
        cart = feed.make("Cart", "r1", needs=[database])
        feed.ready(cart)
        feed.failed(feed.make("Cart"), "no")
        feed.open("r2")
        feed.ready(feed.make("Session", "r2"))
        feed.close("r2")
        feed.pool("db", max=5, used=1, idle=1)
        lines = self.described(feed)
        expected = ["bind", "past", "past", "closed", "open", "make", "ready", "health", "make", "ready", "make", "ready", "pool", "live"]
        self.assertEqual(kinds(lines), expected)
        self.assertEqual(lines[1], {"past": "Cart", "failures": 1, "errors": 1})
        self.assertEqual(lines[2], {"past": "Session", "abandonments": 1, "errors": 1})
        self.assertEqual(lines[3]["closed"], 1)
        self.assertEqual(lines[8]["needs"], [database])

    def test_a_scope_ends_with_everything_inside_it(self):
        feed = Feed("shop", output=Output())
        feed.open("a")
        feed.open("b", "a")
        feed.make("Cart", "b")
        feed.ready(feed.make("Session", "b"))
        feed.close("a", "returned")
        lines = self.described(feed)
        self.assertEqual(kinds(lines), ["past", "past", "closed", "live"])
        self.assertEqual(lines[2], {"closed": 2, "returned": 1, "threw": 0, "canceled": 0})

    def test_a_scope_that_is_not_open_is_no_closed_scope(self):
        feed = Feed("shop", output=Output())
        feed.open("r1")
        feed.close("r1", "returned")
        feed.close("r1", "returned")
        feed.close("never", "threw")
        self.assertEqual(self.described(feed)[0], {"closed": 1, "returned": 1, "threw": 0, "canceled": 0})

    def test_scopes_that_have_closed_leave_nothing(self):
        feed = Feed("shop", output=Output())
        for number in range(100):
            with feed.scope(f"r{number}"), feed.scope(f"inner{number}", parent="unknown"):
                feed.disposed(feed.make("Cart"))
                feed.ready(feed.make("Session"))
        self.assertEqual((len(feed._scopes), len(feed._instances), len(feed._inner), len(feed._owned)), (0, 0, 0, 0))

    def test_a_description_is_copied_and_not_encoded_under_the_lock(self):
        feed = Feed("shop", output=Output())
        cart = feed.make("Cart")
        description = feed._description()
        feed.ready(cart)
        feed.make("Session")
        self.assertEqual(kinds(json.loads(line) for line in b"".join(_described(*description)).splitlines()), ["closed", "make", "live"])

    def test_instances_need_what_is_alive(self):
        feed = Feed("shop", output=Output())
        gone = feed.make("Database")
        feed.ready(feed.make("Cart", needs=[gone]))
        feed.disposed(gone)
        self.assertNotIn("needs", self.described(feed)[2])


class SocketTests(unittest.TestCase):
    """A feed at a socket."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="rf-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def connect(self, feed):
        connection = socket.socket(socket.AF_UNIX)
        self.addCleanup(connection.close)
        connection.settimeout(10)
        connection.connect(feed.path)
        return connection, connection.makefile("r")

    def test_each_client_receives_the_feed_from_the_present(self):
        with Feed("shop", directory=self.folder) as feed:
            feed.ready(feed.make("Database"))
            _, first = self.connect(feed)
            self.assertEqual(kinds(json.loads(first.readline()) for _ in range(5)), ["resmon", "closed", "make", "ready", "live"])
            feed.note("later")
            _, second = self.connect(feed)
            self.assertEqual(kinds(json.loads(second.readline()) for _ in range(5)), ["resmon", "closed", "make", "ready", "live"])
            self.assertEqual(json.loads(first.readline())["note"], "later")
        self.assertIn("end", [next(iter(json.loads(line))) for line in second])
        self.assertFalse(os.path.exists(feed.path))

    def test_the_socket_has_the_name_and_the_mode_that_resmon_expects(self):
        with Feed("shop", directory=self.folder) as first, Feed("mail", directory=self.folder) as second:
            self.assertEqual(os.path.basename(first.path), f"{os.getpid()}-0.sock")
            self.assertEqual(os.path.basename(second.path), f"{os.getpid()}-1.sock")
            self.assertEqual(os.stat(first.path).st_mode & 0o777, 0o600)

    def test_a_folder_that_others_can_enter_is_not_used(self):
        os.chmod(self.folder, 0o755)
        with Feed("shop", directory=self.folder) as feed:
            self.assertFalse((feed.path or "").startswith(self.folder))

    def test_a_client_that_leaves_is_forgotten(self):
        with Feed("shop", directory=self.folder) as feed:
            connection, lines = self.connect(feed)
            lines.readline()
            lines.close()
            connection.close()
            deadline = time.monotonic() + 10
            while feed._clients and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertEqual(feed._clients, [])

    def test_requests_to_close_a_scope_are_carried_out_and_answered(self):
        def close(scope, force):
            if scope == "busy":
                raise RuntimeError("it is in use")
            feed.close(scope)

        with Feed("shop", directory=self.folder, on_close=close) as feed:
            feed.open("r1")
            feed.open("busy")
            connection, lines = self.connect(feed)
            self.assertEqual(json.loads(lines.readline())["may"], ["close"])
            for number, scope in enumerate(["r1", "busy", "r9"]):
                connection.sendall(json.dumps({"id": number, "do": "close", "scope": scope}).encode() + b"\n")
            connection.sendall(b'{"id":9,"do":"watch"}\nno request\n')
            answers = {}
            while len(answers) < 3:
                line = json.loads(lines.readline())
                if "answer" in line:
                    answers[line["answer"]] = line.get("refused")
            self.assertEqual(answers[0], None)
            self.assertEqual(answers[1], "RuntimeError: it is in use")
            self.assertEqual(answers[2], "LookupError: no scope r9 is open")

    def test_a_request_that_cannot_be_read_ends_nothing(self):
        with Feed("shop", directory=self.folder, on_close=lambda scope, force: None) as feed:
            feed.open("r1")
            connection, lines = self.connect(feed)
            bad = [b'{"id":1e999,"do":"close","scope":"r1"}', b"[" * 60_000, b'{"id":1}', b"[]", b'{"id":3,"do":"close","scope":[]}']
            connection.sendall(b"\n".join(bad) + b'\n{"id":2,"do":"close","scope":"r1"}\n')
            answers = [json.loads(line) for line in itertools.islice(filter(lambda line: "answer" in line, lines), 2)]
            self.assertEqual([answer["answer"] for answer in answers], [3, 2])
            self.assertIn("refused", answers[0])
            self.assertNotIn("refused", answers[1])

    def test_a_forked_process_leaves_the_socket_and_the_clients_to_its_parent(self):
        with Feed("shop", directory=self.folder) as feed:
            _, lines = self.connect(feed)
            lines.readline()
            child = os.fork()
            if child == 0:
                feed.note("from the child")
                feed.stop()
                os._exit(0)
            os.waitpid(child, 0)
            self.assertTrue(os.path.exists(feed.path))
            feed.note("from the parent")
            notes = (json.loads(line) for line in lines)
            self.assertEqual(next(line["note"] for line in notes if "note" in line), "from the parent")

    def test_a_program_without_clients_keeps_no_lines(self):
        with Feed("shop", directory=self.folder) as feed:
            for _ in range(1_000):
                feed.disposed(feed.make("Cart"))
            self.assertEqual(feed._instances, {})
            self.assertEqual(feed._clients, [])


if __name__ == "__main__":
    unittest.main()
