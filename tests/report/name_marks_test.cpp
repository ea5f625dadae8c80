#include "cardseg/report/name_marks.hpp"

#include <gtest/gtest.h>

#include "cardseg/report/html.hpp"

namespace cardseg::report {
namespace {

std::string page_of(const std::string& name) {
  Document document{"All about " + marked_name(name), "en", {}};
  document.add(Heading{1, "Segment 1: " + marked_name(name)});
  document.add(Paragraph{"Not the name: " + name});
  Table table;
  table.columns.emplace_back().heading = "Name";
  table.rows = {{marked_name(name)}, {marked_name("Other")}};
  document.add(table);
  return html(document);
}

}  // namespace

TEST(NameMarks, LetAPageBeAsItIsWithAnotherName) {
  const std::string plain = "Low payments";
  const std::string odd = "Quiet & \"old\" <accounts>";
  const std::string page = page_of(plain);

  const std::string renamed = with_name(page, plain, odd);

  EXPECT_EQ(renamed.find(marked_name(plain)), std::string::npos);
  EXPECT_NE(renamed.find("Not the name: " + plain), std::string::npos);
  EXPECT_NE(renamed.find(marked_name("Other")), std::string::npos);
  EXPECT_EQ(with_name(renamed, odd, plain), page);
}

TEST(NameMarks, WriteNamesAsPagesDo) {
  for (const char* name : {"a & b", "\"a\"", "<b>", "it's",
                           "Gr\xC3\xB6\xC3\x9F"
                           "e",
                           "a > b"}) {
    Document document{marked_name(name), "en", {}};
    document.add(Heading{1, marked_name(name)});
    Document other{marked_name("Low payments"), "en", {}};
    other.add(Heading{1, marked_name("Low payments")});

    EXPECT_EQ(with_name(html(other), "Low payments", name), html(document)) << name;
  }
}

TEST(NameMarks, LeaveAPageWithoutNamesAlone) {
  EXPECT_EQ(with_name("<p>Low payments</p>", "Low payments", "High"), "<p>Low payments</p>");
  EXPECT_EQ(with_name("", "a", "b"), "");
}

}  // namespace cardseg::report
