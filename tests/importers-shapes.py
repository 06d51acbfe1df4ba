"""The same exchanges in the shapes Heritrix and Browsertrix give them.

    importers-shapes.py WARC FOLDER

Reads a WARC file of requests and responses and writes FOLDER/heritrix.warc.gz (WARC 1.0; metadata and resource records, DNS answers, revisits of
both profiles) and FOLDER/browsertrix.wacz (WARC 1.1; several files, text, page information and screenshots as resources, two lists of pages).
What is made up here is the frame; the exchanges are those of the input.
"""

import hashlib
import io
import json
import pathlib
import sys
import zipfile

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

source, folder = sys.argv[1], pathlib.Path(sys.argv[2])


class Exchange:
    """A response with its request, payload as it travelled."""

    def __init__(self, response, payload):
        self.url = response.rec_headers.get_header("WARC-Target-URI")
        self.date = response.rec_headers.get_header("WARC-Date")
        self.digest = response.rec_headers.get_header("WARC-Payload-Digest")
        self.http, self.payload = response.http_headers, payload
        self.request = None

    def is_page(self):
        return self.http.get_statuscode() == "200" and "html" in self.http.get_header("Content-Type", "")


def exchanges():
    found, requests = [], {}
    with open(source, "rb") as stream:
        for record in ArchiveIterator(stream, no_record_parse=False):
            if record.rec_type == "response":
                found.append(Exchange(record, record.raw_stream.read()))
            elif record.rec_type == "request":
                requests.setdefault(record.rec_headers.get_header("WARC-Target-URI"), record.http_headers)
    for exchange in found:
        exchange.request = requests.get(exchange.url)
    return found


def seconds(date):
    return date[:19] + "Z"


def later(date, hours):
    day, hour = int(date[8:10]), int(date[11:13]) + hours
    return f"{date[:8]}{day + hour // 24:02}T{hour % 24:02}{date[13:19]}Z" if day + hour // 24 <= 28 else date[:19] + "Z"


def write(writer, kind, url, date, payload=b"", http=None, content_type=None, **fields):
    headers = {"WARC-Date": date, **{name.replace("_", "-"): value for name, value in fields.items()}}
    record = writer.create_warc_record(
        url, kind, payload=io.BytesIO(payload), length=len(payload), http_headers=http, warc_content_type=content_type or "",
        warc_headers_dict=headers,
    )
    writer.write_record(record)
    return record.rec_headers.get_header("WARC-Record-ID")


def heritrix(found):
    with (folder / "heritrix.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.0")
        about = {
            "software": "Heritrix/3.4.0-20220727 http://crawler.archive.org",
            "format": "WARC File Format 1.0",
            "conformsTo": "http://bibnum.bnf.fr/WARC/WARC_ISO_28500_version1_latestdraft.pdf",
            "robots": "obey",
            "isPartOf": "weekly",
        }
        writer.write_record(writer.create_warcinfo_record("weekly-00000.warc.gz", about))
        host = found[0].url.split("/")[2].split(":")[0]
        write(writer, "response", f"dns:{host}", seconds(found[0].date), b"20230601000000\n" + host.encode() + b".\t600\tIN\tA\t127.0.0.1\n",
              content_type="text/dns", WARC_IP_Address="127.0.0.1")
        revisited = {}
        for number, exchange in enumerate(found):
            date = seconds(exchange.date)
            answer = write(writer, "response", exchange.url, date, exchange.payload, exchange.http, WARC_IP_Address="127.0.0.1",
                           WARC_Payload_Digest=exchange.digest)
            if exchange.request is not None:
                write(writer, "request", exchange.url, date, b"", exchange.request, WARC_Concurrent_To=answer)
            write(writer, "metadata", exchange.url, date, b"via: http://seed.example/\r\nhopsFromSeed: L\r\nfetchTimeMs: 12\r\n",
                  content_type="application/warc-fields", WARC_Concurrent_To=answer)
            if exchange.is_page() and number % 5 == 0:
                revisited[exchange.url] = (exchange, answer)
        for number, (url, (exchange, answer)) in enumerate(revisited.items()):
            unmodified = number % 2 == 0
            profile = "server-not-modified" if unmodified else "identical-payload-digest"
            status = "304 Not Modified" if unmodified else "200 OK"
            http = StatusAndHeaders(status, [("Content-Type", exchange.http.get_header("Content-Type", ""))], protocol="HTTP/1.1")
            write(writer, "revisit", url, later(exchange.date, 1), b"", http, WARC_Profile=f"http://netpreserve.org/warc/1.0/revisit/{profile}",
                  WARC_Refers_To=answer, WARC_Refers_To_Target_URI=url, WARC_Refers_To_Date=seconds(exchange.date),
                  WARC_Payload_Digest=exchange.digest, WARC_Truncated="length")
        write(writer, "resource", "metadata://crawler.archive.org/crawl.log", seconds(found[0].date), b"one line for each fetch\n",
              content_type="text/plain")


def browsertrix(found):
    names, pages = [], []
    with zipfile.ZipFile(folder / "browsertrix.wacz", "w", zipfile.ZIP_STORED) as package:
        half = len(found) // 2 + 1
        resources = []

        def add(name, data):
            package.writestr(name, data)
            resources.append({"name": name.rsplit("/", 1)[1], "path": name, "hash": "sha256:" + hashlib.sha256(data).hexdigest(), "bytes": len(data)})

        for part in range(2):
            out = io.BytesIO()
            writer = WARCWriter(out, gzip=True, warc_version="1.1")
            name = f"rec-{part}1b2c3-manual-20230601000000000-{part}.warc.gz"
            writer.write_record(writer.create_warcinfo_record(name, {"software": "Browsertrix-Crawler 1.5.0 (with warcio.js 2.4.2)", "format": "WARC File Format 1.1"}))
            for exchange in found[part * half : (part + 1) * half]:
                answer = write(writer, "response", exchange.url, exchange.date, exchange.payload, exchange.http, WARC_Payload_Digest=exchange.digest,
                               WARC_Page_ID="11111111-2222-4333-8444-555555555555", WARC_Resource_Type="document")
                if exchange.request is not None:
                    write(writer, "request", exchange.url, exchange.date, b"", exchange.request, WARC_Concurrent_To=answer)
                if exchange.is_page():
                    pages.append({"id": str(len(pages)), "url": exchange.url, "ts": exchange.date, "title": "", "loadState": 4, "status": 200})
                    text = "标题 一段文字".encode()
                    write(writer, "resource", f"urn:text:{exchange.url}", exchange.date, text, content_type="text/plain")
                    about = json.dumps({"pageid": str(len(pages)), "url": exchange.url, "urls": {exchange.url: {"status": 200}}}).encode()
                    write(writer, "resource", f"urn:pageinfo:{exchange.url}", exchange.date, about, content_type="application/json")
                    write(writer, "resource", f"urn:view:{exchange.url}", exchange.date, b"\x89PNG\r\n\x1a\n" + bytes(64), content_type="image/png")
            names.append(name)
            add(f"archive/{name}", out.getvalue())
        head = '{"format":"json-pages-1.0","id":"pages","title":"%s"}\n'
        lines = [json.dumps(page) + "\n" for page in pages]
        add("pages/pages.jsonl", (head % "Seed Pages" + "".join(lines[:1])).encode())
        add("pages/extraPages.jsonl", (head % "Non-Seed Pages" + "".join(lines[1:])).encode())
        add("logs/crawl.log", b'{"logLevel":"info","message":"Crawl status"}\n')
        about = {"profile": "data-package", "wacz_version": "1.1.1", "software": "Browsertrix-Crawler 1.5.0", "resources": resources}
        package.writestr("datapackage.json", json.dumps(about))


found = exchanges()
heritrix(found)
browsertrix(found)
