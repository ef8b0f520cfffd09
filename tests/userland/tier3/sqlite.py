"""sqlite from Python: two connections, locks, a write-ahead log between two
processes, a killed writer."""
import os
import signal
import sqlite3
import threading

one = sqlite3.connect("test.db", timeout=0.1, isolation_level=None)
two = sqlite3.connect("test.db", timeout=0.1, isolation_level=None)
one.execute("create table t(k integer primary key, v text)")
one.execute("begin immediate")
one.execute("insert into t values(1, 'one')")
try:
    two.execute("begin immediate")
except sqlite3.OperationalError as error:
    print(error)
print(two.execute("select count(*) from t").fetchall())
one.execute("commit")
print(two.execute("select * from t").fetchall())
print(one.execute("pragma journal_mode=wal").fetchall())
one.execute("begin immediate")
one.execute("insert into t values(2, 'two')")
print(two.execute("select count(*) from t").fetchall())
one.execute("commit")
print(two.execute("select count(*) from t").fetchall())
print(sorted(name for name in os.listdir(".") if name.startswith("test.db")))
one.close()
two.close()


def writer(start):
    base = sqlite3.connect("test.db", timeout=60, isolation_level=None)
    for n in range(50):
        base.execute("insert into t values(?, 'many')", (start + n,))
    base.close()


children = []
for n in range(3):
    child = os.fork()
    if child == 0:
        writer(1000 * (n + 1))
        os._exit(0)
    children.append(child)
print([os.waitpid(child, 0)[1] for child in children])
threads = [threading.Thread(target=writer, args=(10000 * n,)) for n in (1, 2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
base = sqlite3.connect("test.db", isolation_level=None)
print(base.execute("select count(*), sum(k) from t").fetchall())
reader, signpost = os.pipe()
child = os.fork()
if child == 0:
    other = sqlite3.connect("test.db", isolation_level=None)
    other.execute("begin immediate")
    other.execute("delete from t")
    os.write(signpost, b"!")
    signal.pause()
os.read(reader, 1)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
print(base.execute("select count(*) from t").fetchall())
print(base.execute("pragma integrity_check").fetchall())
