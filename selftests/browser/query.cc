// SPDX-License-Identifier: GPL-2.0
/*
 * usage: query TRACE SQL
 *
 * Asks Perfetto's trace processor about a trace, and prints rows, a line each,
 * cells with tabs between; the first one has the names of the columns.  Debian
 * packages the trace processor only as a library for tests of Chromium, which
 * has no header: what it has of interest is declared here.
 */
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace absl {
/* One word, 1 if all is well; returned in memory, as it has a destructor. */
class Status {
public:
	~Status() {}
	unsigned long ok;
};
}

namespace base::test {
class QueryResultOrError {
public:
	~QueryResultOrError();
	std::vector<std::vector<std::string>> result;
	std::string error;
};

class TestTraceProcessorImpl {
public:
	TestTraceProcessorImpl();
	~TestTraceProcessorImpl();
	absl::Status ParseTrace(const std::vector<char> &trace);
	QueryResultOrError ExecuteQuery(const std::string &sql) const;

private:
	/* More than it has. */
	char members[1024];
};
}

int main(int argc, char *argv[])
{
	if (argc != 3) {
		fputs("usage: query TRACE SQL\n", stderr);
		return 2;
	}
	std::ifstream file(argv[1], std::ios::binary);
	std::vector<char> trace((std::istreambuf_iterator<char>(file)), {});
	base::test::TestTraceProcessorImpl processor;

	if (processor.ParseTrace(trace).ok != 1) {
		fprintf(stderr, "query: %s is no trace\n", argv[1]);
		return 1;
	}

	auto answer = processor.ExecuteQuery(argv[2]);

	if (!answer.error.empty()) {
		fprintf(stderr, "query: %s\n", answer.error.c_str());
		return 1;
	}
	for (const auto &row : answer.result) {
		for (const auto &cell : row)
			printf("%s%s", &cell == &row.front() ? "" : "\t", cell.c_str());
		putchar('\n');
	}
}
