// What list and export share: a finished run, the shards that it was made of, and one file to write.
#pragma once

#include <filesystem>
#include <string>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/segments/customer_list.hpp"
#include "cardseg/segments/label_export.hpp"
#include "cardseg/segments/pseudonyms.hpp"

namespace cardseg::run {

/// What the job list is given.
struct ListingOptions {
  segments::ListOptions list;
  cli::InputOptions input;  ///< the shards, where the list needs them
  segments::PseudonymOptions pseudonyms;
  cli::OutputOptions output;  ///< a file
};

cli::OptionTables describe(ListingOptions& options);

/// Collective. Makes and writes the list. Throws comm::AgreedError, usage or permission before anything is read where
/// options do not go together or the file is there and is not to be replaced.
segments::ListCounts write_listing(cli::Context& context, const ListingOptions& options);

/// What the job export is given.
struct LabelExportOptions {
  segments::ExportOptions what;
  segments::PseudonymOptions pseudonyms;
  cli::OutputOptions output;  ///< a file
};

cli::OptionTables describe(LabelExportOptions& options);

/// Local, without MPI. Throws core::Error likewise.
segments::ExportCounts export_run(cli::Context& context, const LabelExportOptions& options);

}  // namespace cardseg::run
