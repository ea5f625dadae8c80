#include "report/german_page.hpp"

#include <gmock/gmock.h>

#include "cardseg/report/html_report.hpp"
#include "report/fit_content_samples.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Document one(Block block) {
  Document document;
  document.blocks.push_back(std::move(block));
  return document;
}

}  // namespace

TEST(GermanPage, HasAllHeadingsInGerman) {
  const samples::Content content = samples::content_of(3, 4);
  const Document english = fit_report(content.content());

  const Document german = in_german(english);

  ASSERT_EQ(german.blocks.size(), english.blocks.size());
  for (std::size_t i = 0; i < german.blocks.size(); ++i)
    if (const auto* heading = std::get_if<Heading>(&english.blocks[i].content))
      if (heading->level < 3 && heading->text != "Fairness") {
        EXPECT_NE(std::get<Heading>(german.blocks[i].content).text, heading->text);
      }
}

TEST(GermanPage, SaysVerdictsAndTheGlossaryInGermanWithGermanNumbers) {
  const std::string html = html_report(samples::content_of(3, 4).content(), Language::de);

  EXPECT_THAT(html, HasSubstr("<html lang=\"de\">"));
  EXPECT_THAT(html, HasSubstr("<h1>3 Segmente von 6.000 Kunden: 1 tragfähig, 2 brauchbar</h1>"));
  EXPECT_THAT(html, HasSubstr("Silhouette 0,45: Ab 0,5 liegen Segmente auseinander, unter 0,25 gehen sie ineinander"));
  EXPECT_THAT(html, HasSubstr("Die Hälfte der Kunden liegt darunter"));
  EXPECT_THAT(html, Not(HasSubstr("Can it be trusted?")));
}

TEST(GermanPage, LeavesNamesOfColumnsAndWhatItDoesNotKnow) {
  Table table{"", {{"Column"}}, {{"Weight"}}, {}};
  const Document german = in_german(one({table}));

  EXPECT_EQ(std::get<std::string>(std::get<Table>(german.blocks[0].content).rows[0][0].value), "Weight");
  EXPECT_EQ(std::get<Paragraph>(in_german(one({Paragraph{"1,234.5 of something"}})).blocks[0].content).text,
            "1,234.5 of something");
}

}  // namespace cardseg::report
