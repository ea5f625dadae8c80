// The profile of shards by the segments of a run that is finished: other columns, later months, scored customers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/profile/risk.hpp"
#include "cardseg/run/guard.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::run {

struct ProfileOptions {
  /// The directory of a run of fit or assign, whose labels say who is in which segment; or a model.json, with which the
  /// customers are scored first.
  std::string run;
  std::string previous;  ///< directory of a run of fit or profile a period before, whose risk.csv is compared with
  cli::InputOptions input;
  cli::FeatureOptions features;  ///< what columns are; those of the model where no description is given
  profile::DisclosureOptions disclosure;
  GuardOptions guard;  ///< of scoring
  cli::OutputOptions output;
};

cli::OptionTables describe(ProfileOptions& options);
/// Throws core::Error(usage).
void validate(const ProfileOptions& options);

/// Pure. What the columns of shards are for a profile: as the description has them, or else as the model knows them.
/// Throws what cli::resolve() throws.
portfolio::Schema profiled_schema(const cli::FeatureOptions& features, const profile::DisclosureOptions& disclosure,
                                  const std::vector<io::StoredColumn>& stored,
                                  const std::optional<segments::Model>& model);

/// What came out.
struct RunProfile {
  io::ShardSet shards;
  profile::Profile profile;                 ///< as it may leave the program
  std::vector<profile::RiskRate> previous;  ///< of the last period
  ResultConfig config;                      ///< what shaped it
  std::vector<std::string> warnings;        ///< that a reader must know
};

/// Collective. Reads headers, prepares the output directory, finds out who is in which segment and profiles, with a
/// phase for each. Throws comm::AgreedError: what reading and scoring throw; bad_data where the labels are of other
/// shards or other customers, naming the first.
RunProfile profile_run(cli::Context& context, const ProfileOptions& options);

}  // namespace cardseg::run
