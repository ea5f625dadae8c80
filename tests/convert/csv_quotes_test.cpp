#include "convert/csv_quotes.hpp"

#include <gtest/gtest.h>

#include "convert/csv_record_reader.hpp"
#include "convert/csv_scratch.hpp"

namespace cardseg::convert {
namespace {

struct Seen {
  std::int64_t offset;
  std::int64_t line;

  bool operator==(const Seen&) const = default;
};

// Offset and line of all records that begin in the range.
void read_range(const CsvFile& file, const core::Range& bytes, const std::optional<RecordStart>& first,
                std::vector<Seen>& seen) {
  CsvRecordReader reader(file, ',', first.value_or(RecordStart{bytes.end, 0}), bytes.end);
  while (const CsvRecord* record = reader.next()) seen.push_back({record->offset, record->first_line});
}

// What `ranks` pretended ranks see of the bytes from `begin` on.
std::vector<Seen> records_seen_by(int ranks, const CsvFile& file, std::int64_t begin) {
  std::vector<core::Range> ranges;
  std::vector<RangeStructure> structures;
  for (int rank = 0; rank < ranks; ++rank) {
    const core::Range range = core::local_range(rank, file.size() - begin, ranks);
    ranges.push_back({begin + range.begin, begin + range.end});
    structures.push_back(scan_structure(file, ',', ranges.back()));
  }
  const std::vector<RangeStart> starts = chain(structures);
  std::vector<Seen> seen;
  for (std::size_t r = 0; r < ranges.size(); ++r)
    read_range(file, ranges[r], first_record(file, ',', ranges[r], starts[r], 2), seen);
  return seen;
}

// Cut anywhere, also inside quotes, between the two of an escaped quote, and between CR and LF.
void expect_same_records_however_cut(std::string_view rows) {
  const std::string header = "a,b\n";
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", header + std::string(rows)));
  const auto begin = static_cast<std::int64_t>(header.size());

  const std::vector<Seen> expected = records_seen_by(1, file, begin);

  for (int ranks = 2; ranks <= static_cast<int>(rows.size()) + 3; ++ranks)
    EXPECT_EQ(records_seen_by(ranks, file, begin), expected) << ranks << " ranks";
}

}  // namespace

TEST(CsvQuotes, FindTheSameRecordsHoweverAWellFormedFileIsCut) {
  expect_same_records_however_cut("1,2\n3,4\n5,6");
  expect_same_records_however_cut("1,2\r\n3,4\r\n\r\n5,6\r\n");
  expect_same_records_however_cut("\"a\nb\",\"c,d\"\n\"\",\"\"\n\"e\r\nf\",g\r\n");
  expect_same_records_however_cut("\"a\"\"\n\"\"b\",\"\"\"\"\nx,\"\n,\n\"\n\"\n\",\"\n\"\n1,2\n");
  expect_same_records_however_cut("\",\n\",\",\n\"\n\"\n\",\"\n\"\n\",\",\",\"\n");
}

TEST(CsvQuotes, FindTheSameRecordsHoweverAMalformedFileIsCut) {
  expect_same_records_however_cut("1,2\" tall\n3,4\n5,6\n");
  expect_same_records_however_cut("\"a\"b\",c\n\"d\"\"e\"f,g\nh,i\n");
  expect_same_records_however_cut("1,\"2\n3,4\n5,6\n");
  expect_same_records_however_cut("\"\"\"\n\"\"x\"\n\"\n,\"\"\"\n\"a\"\"");
  expect_same_records_however_cut("a\r\"b\"\rc,\"d\"\r\n,\"\r\n\"\re\n");
}

TEST(CsvQuotes, CountLinesInsideQuotes) {
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", "a,b\n\"1\n2\n3\",4\n5,6\n"));

  const std::vector<Seen> seen = records_seen_by(3, file, 4);

  EXPECT_EQ(seen, (std::vector<Seen>{{4, 2}, {14, 5}}));
}

TEST(CsvQuotes, DescribeARangeForEveryStateBeforeIt) {
  const CsvScratch scratch;
  const CsvFile file(scratch.write("x.csv", "x\"y,"));

  const RangeStructure structure = scan_structure(file, ',', {1, 3});  // "y

  EXPECT_EQ(structure.ends, (std::array{QuoteState::outside, QuoteState::outside, QuoteState::inside}));
}

}  // namespace cardseg::convert
