#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# usage: otlp_receiver.py DIR
#
# A receiver of OTLP/HTTP on a port of 127.0.0.1, which is in DIR/port then.  The n-th
# request's body is put into DIR/n.json, and its path and headers into DIR/n.head; what
# it is answered stands in line n of DIR/answers, or it is taken:
#
#	ok		taken
#	partial		but for 2 spans
#	warn		taken, with a word of advice
#	STATUS [S]	this status of HTTP; with Retry-After: S
#	drop		the connection is closed
#	slow		taken, once DIR/go is there
#	html, long	status 200, and what is no answer of OTLP's
import http.server
import json
import os
import sys
import time

where = sys.argv[1]
ANSWERS = {
    "ok": {},
    "partial": {"partialSuccess": {"rejectedSpans": "2", "errorMessage": "too \x1b[31mold"}},
    "warn": {"partialSuccess": {"errorMessage": "use gzip"}},
}


def answers():
    try:
        with open(f"{where}/answers", encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count = 0

    def keep(self, n, body):
        with open(f"{where}/{n}.head", "w", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path}\n{self.headers}")
        with open(f"{where}/{n}.new", "wb") as file:
            file.write(body)
        os.rename(f"{where}/{n}.new", f"{where}/{n}.json")

    def answer(self, status, body, retry=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry:
            self.send_header("Retry-After", retry)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        Handler.count += 1
        n = Handler.count
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = (answers()[n - 1:n] or ["ok"])[0]
        self.keep(n, body)
        word, _, rest = said.partition(" ")
        if word == "drop":
            self.close_connection = True
        elif word == "html":
            self.answer(200, b"<html>hello</html>")
        elif word == "long":
            self.answer(200, b" " * (5 * 1024 * 1024))
        elif word.isdigit():
            self.answer(int(word), b'{"message": "not\\u001b[2J today"}', rest)
        else:
            while word == "slow" and not os.path.exists(f"{where}/go"):
                time.sleep(0.01)
            self.answer(200, json.dumps(ANSWERS.get(word, {})).encode())

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(f"{where}/port.new", "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
os.rename(f"{where}/port.new", f"{where}/port")
server.serve_forever()
