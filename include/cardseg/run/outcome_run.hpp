// A campaign's list and its results become its outcome.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/monitor/outcome_tables.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/run/result_config.hpp"
#include "cardseg/run/run_directory.hpp"

namespace cardseg::run {

struct OutcomeOptions {
  std::string list;                    ///< CSV that `cardseg list` wrote, with a control group
  std::string results;                 ///< CSV of ids, and what came of these customers
  std::string id;                      ///< column of both; empty: the list's first
  std::string response = "responded";  ///< column of the results; without it every customer there has responded
  std::string value;                   ///< column of the results; empty: none
  std::string campaign;                ///< name in the log; empty: the list's file name
  std::string log;                     ///< CSV that grows by this campaign; empty: none
  profile::DisclosureOptions disclosure;
  cli::OutputOptions output;
};

cli::OptionTables describe(OutcomeOptions& options);
/// Throws core::Error(usage).
void validate(const OutcomeOptions& options);

/// What came out.
struct CampaignOutcome {
  monitor::ToldOutcome outcome;
  std::vector<monitor::LoggedOutcome> log;  ///< with this campaign; empty: there is no log
  ResultConfig config;
  std::vector<FileDigest> inputs;
  std::int64_t customers = 0;
  std::vector<std::string> warnings;
};

/// Collective; every rank reads the files. Throws comm::AgreedError: bad_data where there is a list without a control
/// group, ids that come twice, no result of a customer on the list, a response that is neither yes nor no, a value that
/// is no number; cannot_create where the log has the campaign already.
CampaignOutcome campaign_outcome(cli::Context& context, const OutcomeOptions& options);

/// Collective. Rank 0 writes the log, where there is one. Throws comm::AgreedError as io::write_file.
void write_journal(cli::Context& context, const OutcomeOptions& options, const CampaignOutcome& outcome);

}  // namespace cardseg::run
