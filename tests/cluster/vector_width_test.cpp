#include "cardseg/cluster/vector_width.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::cluster {
namespace {

using support::error_of;
using testing::Contains;
using testing::HasSubstr;

}  // namespace

TEST(VectorWidth, ListsTheSameWidthsWhicheverIsInUse) {
  const std::vector<std::string> all = vector_widths();
  EXPECT_THAT(all, Contains("auto"));

  for (const std::string& width : all) {
    choose_vector_width(width);
    EXPECT_EQ(vector_widths(), all) << "while " << width << " is in use";
  }
  choose_vector_width("auto");
}

TEST(VectorWidth, UsesWhatWasChosen) {
  const std::string fastest = vector_width_in_use();
  for (const std::string& width : vector_widths()) {
    choose_vector_width(width);
    const std::string used = vector_width_in_use();
    EXPECT_TRUE(width != "avx2" || used == "AVX2") << used;
    EXPECT_TRUE(width != "sse4" || used == "SSE4" || used == "SSSE3") << used;
  }
  choose_vector_width("auto");
  EXPECT_EQ(vector_width_in_use(), fastest);
}

TEST(VectorWidth, RefusesAnUnknownWidthAndKeepsTheOneInUse) {
  const std::string least = vector_widths().back();
  choose_vector_width(least);
  const std::string before = vector_width_in_use();

  const core::Error error = error_of([] { choose_vector_width("avx9"); });

  EXPECT_EQ(error.code(), core::ExitCode::usage);
  EXPECT_THAT(error.what(), HasSubstr("auto, "));
  EXPECT_EQ(vector_width_in_use(), before);
  choose_vector_width("auto");
}

}  // namespace cardseg::cluster
