// Texts of jobs reach roff and bash as they are. That no job or option is missing, manual_test sees.
#include <gmock/gmock.h>

#include "cardseg/cli/manual.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::cli {
namespace {

using core::Shapes;
using testing::HasSubstr;
using testing::Not;

struct Choices {
  int count = 3;
  std::string title;
  bool is_loud = false;
};

core::OptionTable describe(Choices& o) {
  return {"Choices",
          {core::number(o.count, {1, 10}, {"count,c", "N", Shapes::result, "see " + core::field("is-loud")}),
           core::text(o.title, {"title", "TEXT", Shapes::result, "as C:\\dir"}),
           core::toggle(o.is_loud, {"is-loud", "", Shapes::nothing, "be loud"})}};
}

std::vector<Job> jobs() {
  static Choices choices;
  Job job;
  job.name = "shout";
  job.summary = "say it";
  job.explanation = ".not a request\n'nor this";
  job.examples = {"cardseg shout --count 3", ".hidden"};
  job.describe = [] { return OptionTables{describe(choices)}; };
  return {job};
}

}  // namespace

TEST(ManPage, TakesNoTextForARequestOrAnEscape) {
  const std::string page = man_page(jobs());

  EXPECT_THAT(page, HasSubstr("\n\\&.not a request\n\\&'nor this\n"));
  EXPECT_THAT(page, HasSubstr("as C:\\edir\n"));
  EXPECT_THAT(page, HasSubstr("\ncardseg shout \\-\\-count 3\n\\&.hidden\n"));
}

TEST(ManPage, ShowsShortFormsDefaultsAndFlags) {
  const std::string page = man_page(jobs());

  EXPECT_THAT(page, HasSubstr("\\fB\\-c\\fR, \\fB\\-\\-count\\fR \\fIN\\fR (=3)\nsee \\-\\-is\\-loud"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-title\\fR \\fITEXT\\fR\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-is\\-loud\\fR\n"));
}

TEST(ManPage, NamesEveryExitCode) {
  const std::string page = man_page({});

  for (const char* code : {"0", "64", "65", "66", "70", "71", "73", "74", "75", "77", "78"})
    EXPECT_THAT(page, HasSubstr(std::string("\n.B ") + code + "\n"));
}

TEST(BashCompletion, KnowsAJobsOptionsAndThoseOfEveryJob) {
  const std::string script = bash_completion(jobs());

  EXPECT_THAT(script, HasSubstr("compgen -W \"shout --help --version --man --completion\""));
  EXPECT_THAT(script, HasSubstr("    shout) words=\"--count --title --is-loud\" bare= ;;\n"));
  EXPECT_THAT(script, HasSubstr("\"$words --help --config"));
  EXPECT_THAT(script, Not(HasSubstr("{}")));
}

}  // namespace cardseg::cli
