// A document rendered for the console and as CSV, and what goes into cells.
#include <gmock/gmock.h>

#include "cardseg/report/console_text.hpp"
#include "cardseg/report/csv.hpp"
#include "report/document_samples.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string console_text_of(auto block) {
  Document document;
  document.add(block);
  return console_text(document);
}

}  // namespace

TEST(ConsoleText, AlignsTablesWithNumbersToTheRight) {
  EXPECT_EQ(console_text_of(sample_table()),
            "Sizes\n"
            "  segment  customers   mean  index  share\n"
            "  first       12,345  0.333   0.00   75 %\n"
            "  second           7      -   2.50   25 %");
}

TEST(ConsoleText, PutsLabelsIntoAColumnOfTheirOwn) {
  EXPECT_EQ(console_text_of(Facts{{{"rows", "3 in"}, {"next", "this, or"}, {"", "that"}, {"very long label", "x"}}}),
            "rows     3 in\n"
            "next     this, or\n"
            "         that\n"
            "very long label x");
}

TEST(ConsoleText, DrawsBarsFromTheirOrigin) {
  Bars bars{"Index", {"index", Format::fixed, 1}, {{"a", 3.0}, {"b", 0.5}, {"c", std::nan("")}}, 1.0};

  EXPECT_EQ(console_text_of(bars),
            "Index\n"
            "     index\n"
            "  a    3.0  ########################################\n"
            "  b    0.5  ----------\n"
            "  c      -");
}

TEST(ConsoleText, ShowsEveryOtherBlockAsLines) {
  Document document;
  document.add(Heading{1, "Title"});
  document.add(Paragraph{"Text."});
  document.add(Details{"More", {{Note{"small print"}}, {Picture{"Map", "two axes", {}}}}});

  EXPECT_EQ(console_text(document), "Title\nText.\nMore\nsmall print\nMap: two axes");
}

TEST(ConsoleText, ShowsTheHeaderOfAnEmptyTable) {
  Table table = sample_table();
  table.caption.clear();
  table.rows.clear();

  EXPECT_EQ(console_text_of(table), "  segment  customers  mean  index  share");
}

TEST(ConsoleText, CountsCharactersNotBytes) {
  const Table table{"", {{"x"}, {"n", Format::count}}, {{"\xC3\xB6\xC3\xB6", 1}, {"abc", 2}}};

  EXPECT_EQ(console_text_of(table), "  x    n\n  \xC3\xB6\xC3\xB6   1\n  abc  2");
}

TEST(ConsoleText, NeverLetsANameMoveTheCursor) {
  Document document;
  document.add(Heading{2, hostile_name()});
  document.add(Facts{{{hostile_name(), hostile_name()}}});
  document.add(Table{hostile_name(), {{hostile_name()}}, {{hostile_name()}}});

  const std::string text = console_text(document);

  EXPECT_EQ(std::ranges::count(text, '\n'), 4);
  for (const char* part : {"\x1b", "\r", "\x01", "\xE2\x80\xAE", "\xFF"}) EXPECT_THAT(text, Not(HasSubstr(part)));
}

TEST(Csv, HasKeysAndValuesInFull) {
  EXPECT_EQ(csv(sample_table()),
            "name,customers,mean,index,share\n"
            "first,12345,0.3333333333333333,-0.001,0.75\n"
            "second,7,,2.5,0.25\n");
}

TEST(Csv, KeepsHostileTextAsItIs) {
  const std::string text = csv(Table{"", {{"a"}, {"b"}}, {{hostile_name(), 1}}});

  io::CsvReader reader(text);
  io::CsvRecord record;
  ASSERT_TRUE(reader.next(record) && reader.next(record));
  EXPECT_EQ(record.fields[0], hostile_name());
}

TEST(Csv, OfBarsIsTheTableBehindThem) {
  EXPECT_EQ(csv(table_of(Bars{"t", {"value", Format::number}, {{"a", 0.1}}, 0.0})), ",value\na,0.1\n");
}

}  // namespace cardseg::report
