#include "cardseg/monitor/drift_history.hpp"

#include <gmock/gmock.h>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/monitor/drift_tables.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::monitor {
namespace {

using support::TemporaryDirectory;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

void write_month(const std::filesystem::path& directory, double psi, const std::string& model) {
  Drift drift;
  drift.light = Light::amber;
  drift.mix_psi = psi;
  drift.columns.emplace_back();
  drift.columns.back().column.name = "balance";
  drift.columns.back().psi = 2 * psi;
  std::filesystem::create_directories(directory);
  io::write_file(directory / "drift.json", drift_json(drift, model));
}

TEST(DriftHistory, ReadsEarlierMonthsOfTheModelByName) {
  const TemporaryDirectory watch;
  write_month(watch / "2026-09", 0.25, "a");
  write_month(watch / "2026-08", 0.125, "a");
  write_month(watch / "2026-07", 0.5, "b");
  write_month(watch / "2026-10", 0.75, "a");
  std::filesystem::create_directories(watch / "notes");

  const DriftHistory history = read_history(watch / ".", watch / "2026-10", "a");

  ASSERT_THAT(history.months, SizeIs(2));
  EXPECT_EQ(history.months[0].name, "2026-08");
  EXPECT_EQ(history.months[0].mix_psi, 0.125);
  EXPECT_EQ(history.months[1].psi.at("balance"), 0.5);
  EXPECT_EQ(history.months[1].light, Light::amber);
  EXPECT_THAT(history.others, ElementsAre("2026-07"));
}

TEST(DriftHistory, NamesWhatCannotBeRead) {
  const TemporaryDirectory watch;
  std::filesystem::create_directories(watch / "2026-08");
  io::write_file(watch / "2026-08" / "drift.json", "{}");

  const core::Error error = support::error_of([&] { read_history(watch / ".", watch / "out", "a"); });
  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.place().file, HasSubstr("2026-08/drift.json"));
  EXPECT_EQ(support::error_of([&] { read_history(watch / "none", watch / "out", "a"); }).code(),
            core::ExitCode::input_missing);
}

}  // namespace
}  // namespace cardseg::monitor
