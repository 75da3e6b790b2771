# SPDX-License-Identifier: ISC
"""A small server with Kore.ai's export and import calls, as the vendor's pages
have them (docs.kore.ai, ai-for-service, APIs, Automation), for tests:

	kore-server.py DIRECTORY PACKAGE TOKEN

It writes its port to DIRECTORY/port, what it was asked to DIRECTORY/log, and
what it was sent to DIRECTORY/uploads.  PACKAGE is what exports give; from the
second on DIRECTORY/changed.zip for the bot "moved", and for "again" the same
with other times of its files.  The id of a bot says how things go for it.  The
limit is that of the pages, 60 requests
in a minute for a bot, and for a request's status; but one second after it was
told the minute is taken for over, lest tests take so long.  At each request it looks
whether another process shows the token in its arguments.
"""
import collections
import email
import glob
import http.server
import io
import json
import os
import sys
import threading
import time
import zipfile

folder, package, token = sys.argv[1:]
package = open(package, "rb").read()
lock = threading.Lock()
asked = collections.Counter()
times = collections.defaultdict(list)
told = {}            # when the limit was told
jobs = {}


def log(*words):
    with lock, open(folder + "/log", "a") as f:
        print(*words, file=f)


def leaks():
    """Programs that have the token in their arguments; ours has it, too."""
    for name in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            if int(name.split("/")[2]) == os.getpid():
                continue
            words = open(name, "rb").read()
        except OSError:
            continue
        if token.encode() in words and b"kore-server.py" not in words:
            yield words.replace(b"\0", b" ").decode(errors="replace")


def touched():
    """The package, with other times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, \
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6)),
                         old.read(name))
    return out.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, code, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(code)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def error(self, code, text, headers=()):
        self.answer(code, {"errors": [{"msg": text, "code": code}]}, headers)

    def limited(self, who):
        """60 requests in a minute; the text is the one of the platform."""
        now = time.monotonic()
        with lock:
            recent = [t for t in times[who] if t > now - 60]
            if not recent and who == "ber-patient":
                recent = [now] * 50
            times[who] = recent
            if len(recent) < 60:
                recent.append(now)
                return False
            if told.get(who, now) < now - 0.9:
                times[who] = [now]
                del told[who]
                return False
            told[who] = now
        log("limit", who)
        self.error(429, "Rate limit for this API has been reached."
                   " Please try again later", [("Retry-After", "1")])
        return True

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        auth = self.headers.get("auth")
        log(self.command, self.path, "token" if auth == token else
            "no-token" if auth is None else "other-token")
        for words in leaks():
            log("LEAK", words)
        if self.path.startswith("/store/"):
            return self.download(self.path.split("/")[2])
        if auth != token:
            # some servers say what they were given
            return self.error(401, "Invalid token %s" % auth)
        steps = self.path.split("/")
        if steps[:3] != ["", "api", "public"]:
            return self.error(404, "no such path")
        if steps[3:] == ["uploadfile"]:
            return self.upload(body)
        if steps[3:] == ["bot", "import"]:
            return self.start_import("new", body)
        if steps[3:6] == ["bot", "import", "status"]:
            return self.import_status(steps[6])
        if steps[5:] == ["export"] and self.command == "POST":
            return self.start_export(steps[4], body)
        if steps[5:] == ["export", "status"]:
            return self.export_status(steps[4])
        if steps[5:] == ["import"]:
            return self.start_import(steps[4], body)
        return self.error(404, "no such path")

    do_GET = do_POST = handle_any

    def count(self, what):
        with lock:
            asked[what] += 1
            return asked[what]

    def start_export(self, bot, body):
        if self.limited(bot):
            return
        request = json.loads(body)
        log("body", json.dumps(request))
        n = self.count("start " + bot)
        if bot == "throttled" and n <= 2:
            head = [("Retry-After", "1")] if n == 1 else [(
                "Retry-After", time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                                             time.gmtime(time.time() + 1)))]
            return self.error(429, "Rate limit for this API has been reached."
                              " Please try again later", head)
        if bot == "closed":
            return self.error(429, "Rate limit for this API has been reached."
                              " Please try again later",
                              [("Retry-After", "3600")])
        if bot == "forbidden":
            return self.error(403, "Insufficient scope")
        if bot == "escapes":
            return self.error(403, "no \\033[31m a\\cb \x1b]0;x\x07 "
                              "\u009b2J \u202e \x7f end")
        if bot == "down":
            return self.error(502, "Bad gateway")
        if bot == "html":
            return self.answer(200, b"<html>\x1b[2J please log in</html>")
        self.answer(200, {"_id": "ber-" + bot, "streamId": bot,
                          "status": "pending", "requestType": "Botexport",
                          "exportType": request["exportType"], "__v": 0})

    def export_status(self, bot):
        if self.limited("ber-" + bot):
            return
        n = self.count("status " + bot)
        base = {"_id": "ber-" + bot, "botId": bot, "exportType": "latest",
                "requestType": "Botexport", "__v": 0}
        if bot == "failed":
            return self.answer(200, {**base, "status": "failed", "message":
                                     "no memory for " + token})
        if bot == "stale" and n < 3 or bot == "another":
            base["_id"] = "ber-older"
        elif bot == "flaky" and n < 3:
            return self.error(503, "try later")
        elif bot == "never" or n < 3 or bot == "patient" and n < 15:
            return self.answer(200, {**base, "status": "pending"})
        link = "http://127.0.0.1:%d/store/%s" % (port, bot)
        if bot == "relative":
            link = "/store/" + bot
        if bot == "insecure":
            link = "http://example.org/store/x"
        if bot == "wicked":
            link = 'https://x/"\noutput = "/tmp/owned'
        size = len(self.package_of(bot)) + (1 if bot == "short" else 0)
        self.answer(200, {**base, "status": "success", "downloadURL": link,
                          "fileId": "f-1", "store": {"urlParams": ""},
                          "fileSize": str(size)})

    def package_of(self, bot):
        with lock:
            later = asked["start " + bot] > 1
        if later and bot == "moved":
            with open(folder + "/changed.zip", "rb") as f:
                return f.read()
        return touched() if later and bot == "again" else package

    def download(self, bot):
        n = self.count("store " + bot)
        package = self.package_of(bot)
        if bot == "elsewhere":
            return self.answer(302, b"", [(
                "Location", "http://127.0.0.2:%d/store/far" % port)])
        if bot == "nozip":
            return self.answer(200, b"<html>" + b"x" * len(package))
        if bot == "damaged":
            half = len(package) // 2
            return self.answer(200, package[:half] + b"\0" * (
                len(package) - half))
        self.send_response(200)
        self.send_header("Content-Length", str(len(package)))
        self.end_headers()
        if bot == "truncated" or bot == "torn" and n < 3:
            self.wfile.write(package[:len(package) // 2])
            self.close_connection = True
        elif bot == "stalled":
            self.wfile.write(package[:len(package) // 2])
            self.wfile.flush()
            time.sleep(20)
            self.close_connection = True
        elif bot == "slow":
            for i in range(0, len(package), len(package) // 8):
                self.wfile.write(package[i:i + len(package) // 8])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(package)

    def upload(self, body):
        kind = self.headers["Content-Type"]
        form = email.message_from_bytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
        parts = {p.get_param("name", header="content-disposition"):
                 p for p in form.get_payload()}
        name = parts["file"].get_filename()
        assert parts["fileContext"].get_payload().strip() == "bulkImport"
        n = self.count("upload")
        os.makedirs(folder + "/uploads", exist_ok=True)
        with open("%s/uploads/id%d" % (folder, n), "wb") as f:
            f.write(parts["file"].get_payload(decode=True))
        log("upload", name, parts["fileExtension"].get_payload().strip())
        self.answer(200, {"fileId": "id%d" % n, "hash": "x"})

    def start_import(self, bot, body):
        if self.limited(bot):
            return
        request = json.loads(body)
        log("body", json.dumps(request))
        if bot == "busy" and self.count("import busy") == 1:
            return self.error(429, "Rate limit for this API has been reached."
                              " Please try again later", [("Retry-After", "1")])
        if bot == "broken":
            return self.error(500, "out of order")
        if bot == "refused":
            return self.error(400, "Invalid file id")
        self.answer(200, {"_id": "bir-" + bot, "status": "pending",
                          "streamRefId": "x", "requestType": "Botimport",
                          "statusLogs": [{"taskType": "importRequest",
                                          "taskName": "X",
                                          "status": "success"}]})

    def import_status(self, job):
        if self.limited(job):
            return
        n = self.count(job)
        good = [{"taskType": t, "taskName": name, "status": "success"}
                for t, name in (("importRequest", "Library"),
                                ("Bot Definition", "Library"),
                                ("Dialog", "Lend"), ("Dialog", "Return"),
                                ("Dialog", "Return"), ("importBot", "Library"))]
        status = "success" if n > 3 else "pending"
        logs = good[:2 * n - 1] if n <= 3 else good
        if n <= 3:
            logs = logs + [{"taskType": "Dialog", "taskName": "next",
                            "status": "pending"}]
        if job == "bir-partial" and n > 3:
            logs[3] = {**logs[3], "status": "failed",
                       "message": "intent is\x1b[2J \\033[1m \u009b \u202e "
                       "taken " + token}
        if job == "bir-lost" and n > 3:
            status = "failed"
            logs = good[:2]
        if job == "bir-never":
            status = "pending"
        self.answer(200, {"_id": job, "status": status, "streamRefId": "x",
                          "statusLogs": logs, "requestType": "Botimport"})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that was killed, or gave up, is none of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


# on all addresses: 127.0.0.2 is another host to a client
server = Server(("127.0.0.1", 0), Handler)
port = server.server_address[1]
other = Server(("127.0.0.2", port), Handler)
threading.Thread(target=other.serve_forever, daemon=True).start()
with open(folder + "/port.new", "w") as f:
    f.write("%d\n" % port)
os.rename(folder + "/port.new", folder + "/port")
server.serve_forever()
