"""What the scripts that break things share: a site on loopback that remembers who asked, runs of the program, and the
check that an archive holds everything once. Standard library only; strace comes from the system's packages."""

import collections
import glob
import gzip
import http.server
import os
import re
import shutil
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOST = "news.yunling.test"
ARTICLES, PER_PAGE = int(os.environ.get("ARTICLES", "91")), 11
PAGES = ARTICLES + -(-ARTICLES // PER_PAGE)  # 91 articles on 9 listing pages: 100, and robots.txt
IN_FLIGHT = 4
HEAD = ('<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}-云岭理工大学新闻网</title>'
        '<!--Announced by Visual SiteBuilder 9--></head><body>')


def program():
    """The program under test: $SHIGUAN, or the debug build, built where it is absent or old."""
    if os.environ.get("SHIGUAN"):
        return os.path.abspath(os.environ["SHIGUAN"])
    subprocess.run(["cargo", "build", "--quiet", "--locked"], cwd=ROOT, check=True)
    return os.path.join(ROOT, os.environ.get("CARGO_TARGET_DIR", "target"), "debug", "shiguan")


def need_strace():
    """strace, installed by apt-get where it is absent."""
    if shutil.which("strace") is None:
        print("strace is absent: installing it with apt-get", file=sys.stderr)
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], check=True, stdout=subprocess.DEVNULL)


def listing(number, pages):
    shown = range(ARTICLES - (pages - number) * PER_PAGE, max(0, ARTICLES - (pages - number + 1) * PER_PAGE), -1)
    rows = "".join(
        f'<li id="line_u8_{row}"><a href="/info/1001/{n}.htm" title="我校举办第{n}次读书班">我校举办第{n}次读书班</a>'
        f"<span>2023-{1 + n // 28:02}-{1 + n % 28:02}</span></li>" for row, n in enumerate(shown))
    more = f'<span class="p_next p_fun"><a href="/xwzx/{number - 1}.htm">下页</a></span>' if number > 1 else ""
    return (HEAD.format(title="学院新闻") + f'<div class="list"><ul>{rows}</ul><div class="pb_sys_common pb_sys_normal">'
            f'<span class="p_t">共{ARTICLES}条</span>{more}</div></div></body></html>')


def article(n):
    return (HEAD.format(title=f"我校举办第{n}次读书班") + f'<form name="_newscontent_fromname"><h1>我校举办第{n}次读书班</h1>'
            f'<div class="info">来源：党委宣传部 作者：苏岚 发布时间：2023-{1 + n // 28:02}-{1 + n % 28:02} 09:30</div>'
            f'<div id="vsb_content"><div class="v_news_content"><p>云岭理工大学第{n}次主题教育读书班在学术报告厅举行，各学院师生代表参加。</p>'
            '<p>会议指出，要把学习成果转化为服务师生、推动发展的实际行动，切实解决师生关心的问题。</p></div></div></form></body></html>')


def page(path):
    pages = -(-ARTICLES // PER_PAGE)
    if path == "/robots.txt":
        return "User-agent: *\nDisallow: /admin/\n"
    if path == "/xwzx.htm":
        return listing(pages, pages)
    if found := re.fullmatch(r"/xwzx/(\d+)\.htm", path):
        return listing(int(found[1]), pages)
    if (found := re.fullmatch(r"/info/1001/(\d+)\.htm", path)) and 1 <= int(found[1]) <= ARTICLES:
        return article(int(found[1]))
    return None


class Site:
    """The site on a free port of loopback; `asked` lists the paths asked for, in order; `status` gives paths another status."""

    def __init__(self):
        site = self
        self.asked, self.redirect, self.status = [], lambda path: None, {}

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                site.asked.append(self.path)
                if to := site.redirect(self.path):
                    self.send_response(302)
                    self.send_header("Location", to)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                text = page(self.path)
                body = (text or "gone").encode()
                self.send_response(site.status.get(self.path, 200 if text else 404))
                self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # the other side was killed

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the same

        self.server = Server(("127.0.0.1", 0), Answer)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Trial:
    """One archive in a folder of its own, crawled from a site of its own."""

    def __init__(self, shiguan, keep=False):
        self.shiguan, self.keep = shiguan, keep
        self.work = tempfile.mkdtemp(prefix="shiguan-fault-", dir=os.environ.get("FAULTS_DIR"))
        self.archive = os.path.join(self.work, "archive")
        self.site = Site()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.site.close()
        if not self.keep:
            shutil.rmtree(self.work, ignore_errors=True)

    def crawl_command(self, *more, delay="0", at_once=IN_FLIGHT):
        return [self.shiguan, "--archive", self.archive, "crawl", "-q", "--seed", f"http://{HOST}/xwzx.htm",
                "--resolve", f"{HOST}:127.0.0.1:{self.site.port}", "--delay", delay, "--per-host", str(at_once),
                "--concurrency", str(at_once), "--no-media", *more]

    def run(self, command, env=None, timeout=600):
        """Exit code (negative for a signal) and stderr; a hang is an error."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("SHIGUAN") and not k.lower().endswith("_proxy")}
        done = subprocess.run(command, cwd=self.work, env={**clean, **(env or {})}, timeout=timeout, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.stdout, self.stderr = done.stdout, done.stderr
        return done.returncode

    def strace(self, *options, more=()):
        """Runs the crawl under strace; gives the exit code of the crawl. With `--seccomp-bpf` among the options it is much
        quicker and injects errors, but no signals."""
        return self.run(["strace", "-f", "-qq", "-o", os.path.join(self.work, "strace.log"), *options,
                         *self.crawl_command(*more)])

    def committed(self):
        """Path to number of captures in the index as a reader of a copy sees it; the archive itself is not touched."""
        database = os.path.join(self.archive, "shiguan.db")
        if not os.path.exists(database) or os.path.getsize(database) == 0 and not os.path.exists(database + "-wal"):
            return collections.Counter()
        copy = tempfile.mkdtemp(dir=self.work)
        for name in glob.glob(database + "*"):
            if not name.endswith("-shm"):
                shutil.copy(name, copy)
        connection = sqlite3.connect(os.path.join(copy, "shiguan.db"))
        try:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if "captures" not in tables:
                return collections.Counter()
            rows = connection.execute("SELECT url FROM captures WHERE record_id IS NOT NULL").fetchall()
        finally:
            connection.close()
            shutil.rmtree(copy)
        return collections.Counter(re.sub(r"^https?://[^/]+", "", url) for (url,) in rows)

    def faults_after_resuming(self, before, asked_before, in_order=False):
        """Crawls to the end and gives what is wrong with the archive then; `before` is what was committed. A run that
        ended in order leaves the listings to be asked for again."""
        wrong = []
        code = self.run(self.crawl_command())
        if code != 0:
            return [f"the next run ended with {code}: {self.stderr.strip()[-300:]}"]
        after, again = self.committed(), self.site.asked[asked_before:]
        if in_order or len(before) == PAGES + 1:
            # The walk was over: a further run begins a new one at the first listing page.
            listings = [path for path in after if path.startswith("/xwzx")] if in_order else ["/xwzx.htm"]
            again = [path for path in again if path not in listings]
            after.update({path: 1 - after[path] for path in listings})
        if lost := [path for path in before if path not in after]:
            wrong.append(f"{len(lost)} acknowledged captures are lost: {lost[:3]}")
        if twice := [path for path, count in after.items() if count > 1]:
            wrong.append(f"{len(twice)} captures are there twice: {twice[:3]}")
        if len(after) != PAGES + 1:
            wrong.append(f"{len(after)} addresses are held, not {PAGES + 1}")
        if refetched := [path for path in again if path in before]:
            wrong.append(f"asked again for {len(refetched)} committed pages: {refetched[:3]}")
        self.refetches = len(set(again) & set(self.site.asked[:asked_before]))
        wrong += self.unsound()
        return wrong

    def unsound(self):
        """What `verify --full`, `gzip -t` and a reader of gzip members find wrong with the files."""
        wrong = []
        code = self.run([self.shiguan, "--archive", self.archive, "verify", "--full"])
        if code != 0:
            wrong.append(f"verify --full ended with {code}: {(self.stdout + self.stderr).strip()[-300:]}")
        if left := glob.glob(f"{self.archive}/warc/*/*.open"):
            wrong.append(f"files in progress are left: {left}")
        ids, answers = collections.Counter(), collections.Counter()
        for path in sorted(glob.glob(f"{self.archive}/warc/*/*.warc.gz")):
            if subprocess.run(["gzip", "-t", path], stderr=subprocess.PIPE).returncode != 0:
                wrong.append(f"gzip -t refuses {path}")
                continue
            data = gzip.open(path).read()
            ids.update(re.findall(rb"^WARC-Record-ID: (\S+)", data, re.M))
            for head in re.findall(rb"^WARC/1\.1\r\n(?:.+\r\n)+", data, re.M):
                if b"WARC-Type: response" in head:
                    answers.update(re.findall(rb"WARC-Target-URI: (\S+)", head))
        if twice := [record for record, count in (ids + answers).items() if count > 1]:
            wrong.append(f"{len(twice)} records are there twice in WARC files: {twice[:2]}")
        return wrong


def highest_counts(shiguan, calls):
    """How often the busiest thread of an undisturbed crawl makes each call: strace counts for each thread by itself."""
    with Trial(shiguan) as trial:
        code = trial.strace("-e", "trace=" + ",".join(calls))
        if code != 0:
            sys.exit(f"an undisturbed crawl ended with {code}: {trial.stderr}")
        counts = collections.Counter()
        with open(os.path.join(trial.work, "strace.log"), errors="replace") as log:
            for line in log:
                if found := re.match(r"(\d+) +(\w+)\(", line):
                    counts[found[1], found[2]] += 1
        if wrong := trial.faults_after_resuming(trial.committed(), len(trial.site.asked)):
            sys.exit(f"an undisturbed crawl leaves: {wrong}")
    return {call: max([count for (_, name), count in counts.items() if name == call], default=0) for call in calls}


def in_parallel(jobs, work, workers):
    """Runs `work` over `jobs` on so many threads, in order; a failure inside ends the script."""
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(work, jobs)


def clock():
    return time.monotonic()
