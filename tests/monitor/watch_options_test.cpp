#include "cardseg/monitor/watch_options.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::monitor {
namespace {

using testing::HasSubstr;

void set(WatchOptions& options, const std::string& name, const std::string& text) {
  core::OptionTable table = describe(options);
  table.at(name).set({text});
}

TEST(WatchOptions, TakeTwoThresholds) {
  WatchOptions options;

  set(options, "psi", "0.05, 0.5");

  EXPECT_EQ(options.psi.amber, 0.05);
  EXPECT_EQ(options.psi.red, 0.5);
  EXPECT_EQ(describe(options).at("psi").text(), "0.05,0.5");
  EXPECT_NO_THROW(validate(options));
}

TEST(WatchOptions, RefuseThresholdsThatDoNotRise) {
  for (const char* text : {"0.1", "0.3,0.1", "a,b", "0,1", "0.1,0.2,0.3", "0.1,inf", "-1,1", "0.1x,1"}) {
    WatchOptions options;
    const core::Error error = support::error_of([&] { set(options, "ks", text); });
    EXPECT_EQ(error.code(), core::ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("amber, and from where on red: 0.1,0.25")) << text;
  }
}

}  // namespace
}  // namespace cardseg::monitor
