// No field of an option struct is forgotten: each is in its table, and each entry says whether it shapes the result.
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/cli/describe.hpp"
#include "cardseg/convert/convert_options.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/plan/memory_limit.hpp"
#include "cardseg/plan/plan_options.hpp"
#include "cardseg/quality/study_options.hpp"
#include "cardseg/quality/trust_options.hpp"
#include "cardseg/report/fit_warnings.hpp"
#include "cardseg/report/language.hpp"
#include "cardseg/run/checkpointing.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/run/rename_segment.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/study_record.hpp"
#include "cardseg/scaling/scaling.hpp"
#include "cardseg/segments/score.hpp"
#include "cardseg/transactions/rfm_options.hpp"
#include "support/field_count.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::run {
namespace {

using support::field_count;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Pair;

template <class Options>
std::size_t entry_count() {
  Options options;
  return describe(options).options.size();
}

// As fit and study describe themselves.
struct Choices {
  cli::InputOptions input;
  cli::FeatureOptions features;
  profile::DisclosureOptions disclosure;
  cli::OutputOptions output;
  plan::MemoryOptions memory;
  CheckpointOptions checkpoints;
  cluster::FitOptions fit;
  quality::StudyOptions study;
  report::WordOptions words;

  std::vector<core::OptionTable> of_fit() {
    return {describe(input),  describe(features), describe(fit),         describe(disclosure),
            describe(output), describe(memory),   describe(checkpoints), describe(words)};
  }
  std::vector<core::OptionTable> of_study() {
    return {describe(input),  describe(features), describe(study),      describe(disclosure),
            describe(output), describe(memory),   describe(checkpoints)};
  }
};

std::vector<std::string> names_of(const ResultConfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, value] : config) names.push_back(name);
  return names;
}

struct Sample {
  int a;
  std::string b;
  cluster::FitOptions c;
  std::vector<std::string> d;
};
static_assert(field_count<Sample>() == 4);

}  // namespace

TEST(OptionTables, HaveEveryFieldOfTheirStructs) {
  EXPECT_EQ(entry_count<cli::GeneralOptions>(), field_count<cli::GeneralOptions>());
  EXPECT_EQ(entry_count<cli::InputOptions>(), field_count<cli::InputOptions>());
  EXPECT_EQ(entry_count<cli::FeatureOptions>(), field_count<cli::FeatureOptions>());
  EXPECT_EQ(entry_count<cli::OutputOptions>(), field_count<cli::OutputOptions>());
  EXPECT_EQ(entry_count<cluster::FitOptions>(), field_count<cluster::FitOptions>());
  EXPECT_EQ(entry_count<scaling::ScalingRequest>(), field_count<scaling::ScalingRequest>());
  EXPECT_EQ(entry_count<segments::ReasonOptions>(), field_count<segments::ReasonOptions>());
  EXPECT_EQ(entry_count<plan::MemoryOptions>(), field_count<plan::MemoryOptions>());
  EXPECT_EQ(entry_count<plan::PlanOptions>(), field_count<plan::PlanOptions>());
  EXPECT_EQ(entry_count<CheckpointOptions>(), field_count<CheckpointOptions>());
  EXPECT_EQ(entry_count<profile::DisclosureOptions>(), field_count<profile::DisclosureOptions>());
  EXPECT_EQ(entry_count<GuardOptions>(), field_count<GuardOptions>());
  EXPECT_EQ(entry_count<VerifyOptions>(), field_count<VerifyOptions>());
  EXPECT_EQ(entry_count<NameOptions>(), field_count<NameOptions>());
  EXPECT_EQ(entry_count<report::WordOptions>(), field_count<report::WordOptions>());
  EXPECT_EQ(entry_count<quality::TrustOptions>(), field_count<quality::TrustOptions>());
  EXPECT_EQ(entry_count<FollowedStudyOptions>(), field_count<FollowedStudyOptions>());
}

TEST(OptionTables, LeaveOutOnlyWhatAnotherTableHas) {
  // The threads are those of GeneralOptions.
  EXPECT_EQ(entry_count<plan::NodeOptions>() + 1, field_count<plan::NodeOptions>());
  // `reasons` stands for its own entries.
  EXPECT_EQ(entry_count<segments::ScoreOptions>(),
            field_count<segments::ScoreOptions>() - 1 + field_count<segments::ReasonOptions>());
  // Directory and overwrite are those of OutputOptions.
  EXPECT_EQ(entry_count<generate::GeneratorOptions>() + 2, field_count<generate::GeneratorOptions>());
  // The same; `type` says which columns are dates, `delimiter` that it is blanks, `columns` their places, and
  // `conventions` stands for its own entries.
  EXPECT_EQ(entry_count<convert::ConvertOptions>() + 5,
            field_count<convert::ConvertOptions>() - 1 + field_count<convert::Conventions>());
  // `csv` stands for the entries of convert but three: types. `groups` are what is in a file that has an entry.
  EXPECT_EQ(entry_count<transactions::RfmOptions>(),
            field_count<transactions::RfmOptions>() - 2 + entry_count<convert::ConvertOptions>() - 3);
  // `fit` stands for its own entries but segments and centroids.
  EXPECT_EQ(entry_count<quality::StudyOptions>(),
            field_count<quality::StudyOptions>() - 1 + field_count<cluster::FitOptions>() - 2);
}

TEST(ResultConfig, HasWhatShapesTheResultOfAFit) {
  Choices choices;

  EXPECT_THAT(
      names_of(result_config(choices.of_fit())),
      ElementsAre("centroids_sha256", "columns", "description_sha256", "exclude", "id", "improve", "language",
                  "max-iterations", "max-levels", "min-cell", "missing", "precision", "restarts", "scale", "seed",
                  "seeding", "seeding-rounds", "seeding-sample", "segments", "stop-losers", "tolerance", "transform"));
}

TEST(ResultConfig, HasWhatShapesTheResultOfAStudy) {
  Choices choices;

  EXPECT_THAT(names_of(result_config(choices.of_study())),
              ElementsAre("columns", "description_sha256", "exclude", "id", "improve", "max-iterations", "max-levels",
                          "min-cell", "missing", "precision", "restarts", "scale", "seed", "seeding", "seeding-rounds",
                          "seeding-sample", "segments", "silhouette-sample", "stop-losers", "tolerance", "transform"));
}

TEST(ResultConfig, LeavesOutOnlyWhatIsDeclaredNotToShapeIt) {
  const std::set<std::string> apart = {"shards",           "output",      "overwrite",           "algorithm",
                                       "together",         "no-links",    "memory-limit",        "scratch",
                                       "checkpoint-every", "max-runtime", "restart-from-scratch"};
  Choices choices;
  for (const auto& tables : {choices.of_fit(), choices.of_study()}) {
    const std::vector<std::string> names = names_of(result_config(tables));
    const std::set<std::string> known(names.begin(), names.end());
    for (const core::OptionTable& table : tables)
      for (const core::Option& option : table.options)
        EXPECT_NE(known.contains(option.name) || known.contains(option.name + "_sha256"), apart.contains(option.name))
            << option.name;
  }
}

TEST(ResultConfig, HasTheTextsThatManifestsHaveAlwaysHad) {
  Choices choices;
  choices.fit.tolerance = 1e-4;
  choices.fit.seeding = cluster::Seeding::parallel;
  choices.features.exclude = {"a", "b"};
  choices.features.transform = portfolio::Transform::signed_log;

  EXPECT_THAT(result_config(choices.of_fit()),
              IsSupersetOf({Pair("tolerance", "0.0001"), Pair("stop-losers", "0"), Pair("seeding", "k-means||"),
                            Pair("exclude", "a,b"), Pair("transform", "signed-log"), Pair("precision", "float32"),
                            Pair("seed", "1"), Pair("description_sha256", ""), Pair("id", "")}));
}

TEST(ResultConfig, HasTheContentOfFilesNotTheirNames) {
  const support::TemporaryDirectory directory;
  for (const char* name : {"one.ini", "copy.ini"}) std::ofstream(directory / name) << "[balance]\nscale = robust\n";
  std::ofstream(directory / "other.ini") << "[balance]\nscale = minmax\n";
  const auto config_with = [&](const char* name) {
    Choices choices;
    choices.features.description = (directory / name).string();
    return result_config(choices.of_fit());
  };

  EXPECT_EQ(config_with("one.ini"), config_with("copy.ini"));
  EXPECT_NE(config_with("one.ini"), config_with("other.ini"));
  EXPECT_THAT(config_with("one.ini"), Contains(Pair("description_sha256", io::sha256_of_file(directory / "one.ini"))));
  EXPECT_EQ(support::error_of([&] { config_with("none.ini"); }).code(), core::ExitCode::input_missing);
}

TEST(ResultConfig, ChangesWithEveryOptionOfAFitThatShapesIt) {
  Choices untouched;
  const std::vector<core::OptionTable> all = untouched.of_fit();
  const ResultConfig before = result_config(all);
  for (std::size_t t = 0; t < all.size(); ++t)
    for (std::size_t o = 0; o < all[t].options.size(); ++o) {
      Choices choices;
      const std::vector<core::OptionTable> tables = choices.of_fit();
      const core::Option& option = tables[t].options[o];
      if (option.shapes != core::Shapes::result) continue;
      const std::vector<std::string> old = option.texts();
      for (const char* other : {"1", "2", "x", "random", "off", "log1p", "robust", "zero", "double", "de"}) try {
          option.set({other});
          if (option.texts() != old) break;
        } catch (const core::Error&) {  // the next may fit
        }
      EXPECT_NE(result_config(tables), before) << option.name;
    }
}

}  // namespace cardseg::run
