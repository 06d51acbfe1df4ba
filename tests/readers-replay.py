"""Replays every HTML and image capture that answered 200 with pywb and compares payload digests.

    readers-replay.py DATABASE COLLECTIONS COLLECTION

COLLECTIONS is a folder `wb-manager` made, with the captures added. The server is ours: on loopback, ended by its id.
"""

import base64
import hashlib
import http.client
import pathlib
import socket
import sqlite3
import subprocess
import sys
import time

database, folder, collection = sys.argv[1:]
wayback = pathlib.Path(sys.executable).with_name("wayback")
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]

db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
rows = db.execute(
    "SELECT c.url, c.captured_at, o.payload_digest FROM captures c JOIN captures o ON o.id = c.original_id "
    "WHERE c.status = 200 AND c.file_id IS NOT NULL AND o.truncated IS NULL "
    "AND (o.media_type LIKE 'text/html%' OR o.media_type LIKE 'application/xhtml%' OR o.media_type LIKE 'image/%')"
).fetchall()
# Captures of one second are one moment to a replay tool: any of them is a right answer.
right = {}
for url, at, digest in rows:
    moment = "".join(c for c in at[:19] if c.isdigit())
    right.setdefault((url, moment), set()).add(digest)
assert right, "there are captures to replay"

server = subprocess.Popen(
    [wayback, "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
try:
    for attempt in range(120):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert server.poll() is None, "pywb ended"
            time.sleep(0.5)
    wrong = []
    for (url, moment), digests in sorted(right.items()):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/{collection}/{moment}id_/{url}")
        answer = connection.getresponse()
        payload = answer.read()
        found = "sha1:" + base64.b32encode(hashlib.sha1(payload).digest()).decode()
        if answer.status != 200 or found not in digests:
            wrong.append((url, moment, answer.status, found, digests))
        connection.close()
finally:
    server.terminate()
    server.wait(30)
for problem in wrong:
    print("replay differs:", *problem)
print(f"pywb: {len(right) - len(wrong)} of {len(right)} captures replayed with equal digests ({len(rows)} rows)")
sys.exit(bool(wrong))
