#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# usage: PYTHONPATH=DIR otlp_parse.py FILE...
#
# Reads requests by OpenTelemetry's own definitions, which are in DIR, and fails at all
# that these do not have, or that a receiver would not take.  Prints how many traces,
# spans and events there are.
import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2


def to_base64(digits, size):
    value = bytes.fromhex(digits)
    assert len(value) == size and any(value), f"no id: {digits}"
    return base64.b64encode(value).decode()


# OTLP's JSON has ids in hexadecimal, where that of protobuf has base64; and enumerations
# as numbers only.
def to_protobuf(request):
    for traces in request["resourceSpans"]:
        for scope in traces["scopeSpans"]:
            for span in scope["spans"]:
                span["traceId"] = to_base64(span["traceId"], 16)
                span["spanId"] = to_base64(span["spanId"], 8)
                if "parentSpanId" in span:
                    span["parentSpanId"] = to_base64(span["parentSpanId"], 8)
                assert isinstance(span["kind"], int)
                assert isinstance(span.get("status", {}).get("code", 0), int)
    return request


def check_attributes(attributes):
    keys = [a.key for a in attributes]
    assert len(keys) == len(set(keys)), f"twice: {keys}"
    assert all(keys)


def check_span(span, root):
    assert span.name
    assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
    assert root is None or root.span_id == span.parent_span_id
    check_attributes(span.attributes)
    last = span.start_time_unix_nano
    for event in span.events:
        assert event.name
        assert last <= event.time_unix_nano <= span.end_time_unix_nano
        last = event.time_unix_nano
        check_attributes(event.attributes)


ids = set()
traces = spans = events = 0
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        request = json_format.ParseDict(to_protobuf(json.load(file)),
                                        trace_service_pb2.ExportTraceServiceRequest(),
                                        ignore_unknown_fields=False)
    for resource in request.resource_spans:
        check_attributes(resource.resource.attributes)
        (scope,) = resource.scope_spans
        root = scope.spans[0]
        check_span(root, None)
        assert not root.parent_span_id
        for span in scope.spans[1:]:
            check_span(span, root)
        assert {s.trace_id for s in scope.spans} == {root.trace_id}
        assert len({s.span_id for s in scope.spans}) == len(scope.spans)
        ids.add(root.trace_id)
        spans += len(scope.spans)
        events += sum(len(s.events) for s in scope.spans)
        traces += 1
assert len(ids) == traces, "two boots are one trace"
print(traces, spans, events)
