#include "cardseg/run/listing.hpp"

#include <optional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/run/model_of_run.hpp"
#include "cardseg/run/run_directory.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
namespace fs = std::filesystem;

core::OptionTable describe_file(cli::OutputOptions& o, const char* help) {
  return {"Output",
          {core::text(o.output, {"output,o", "FILE", core::Shapes::nothing, help}),
           core::toggle(o.overwrite, {"overwrite", "", core::Shapes::nothing, "replace the file where it is there"})}};
}

void check_can_write(const cli::OutputOptions& options) {
  if (options.output.empty())
    throw Error(ExitCode::usage, field("output") + " is missing").remedy("Name the file to write");
  std::error_code unreachable;
  if (fs::is_directory(options.output, unreachable))
    throw Error(ExitCode::cannot_create, "it is a directory").in_file(options.output).remedy("Name a file");
  if (fs::exists(options.output, unreachable) && !options.overwrite)
    throw Error(ExitCode::cannot_create, "the file is there already")
        .in_file(options.output)
        .remedy("Name another file, or give " + field("overwrite"));
}

// The model that was named, or the run's own; none where neither is there and none is needed.
std::optional<segments::Model> model_of(const segments::ListOptions& options) {
  if (!options.model.empty()) return segments::read_model(options.model);
  std::optional<segments::Model> found = model_of_run(options.run);
  if (found || !segments::needs_model(options)) return found;
  throw Error(ExitCode::usage, field("model") + " is missing: the run has none of its own")
      .remedy("Name the model.json that it was scored with");
}

void check_shards(const segments::ListOptions& list, const cli::InputOptions& input) {
  if (!segments::needs_shards(list) || !input.shards.empty()) return;
  throw Error(ExitCode::usage, field("shards") + " is missing: the list needs more than the labels hold")
      .remedy("Name the shards that the run was made of, or list by distance or margin");
}

}  // namespace

cli::OptionTables describe(ListingOptions& o) {
  return {describe(o.list), describe(o.pseudonyms), core::without(describe(o.input), {"columns"}),
          describe_file(o.output, "file to write: CSV, or a shard where its name ends in .h5")};
}

segments::ListCounts write_listing(cli::Context& c, const ListingOptions& o) {
  struct Known {
    std::optional<segments::Model> model;
    std::string key;
  };
  const Known known = comm::agree(c.comm, [&] {
    validate(o.list);
    check_shards(o.list, o.input);
    check_can_write(o.output);
    manifest_of(o.list.run);
    return Known{model_of(o.list), segments::read_key(o.pseudonyms)};
  });
  segments::LabelledCustomers labels(c.comm, o.list.run);
  std::optional<io::ShardSet> shards;
  if (segments::needs_shards(o.list)) {
    shards.emplace(c.comm, std::vector<fs::path>(o.input.shards.begin(), o.input.shards.end()));
    labels.check_same_customers(c.comm, *shards);
  }
  if (const auto segmented = labels.segmented(c.comm)) {
    labels.select(segmented);
    if (shards) shards = shards->selected(segmented);
  }
  const segments::ListSources sources{labels, shards ? &*shards : nullptr, known.model ? &*known.model : nullptr,
                                      known.key};
  const segments::CustomerList list = segments::make_list(c.comm, sources, o.list, c.console);
  comm::agree(c.comm, [&] {
    if (c.comm.is_root()) segments::write_list(list, o.output.output);
  });
  return list.counts;
}

cli::OptionTables describe(LabelExportOptions& o) {
  return {describe(o.what), describe(o.pseudonyms), describe_file(o.output, "CSV file to write")};
}

segments::ExportCounts export_run(cli::Context& c, const LabelExportOptions& o) {
  validate(o.what);
  check_can_write(o.output);
  manifest_of(o.what.run);
  const std::string key = segments::read_key(o.pseudonyms);
  const segments::LabelledCustomers labels(c.comm, o.what.run);
  return segments::export_labels(labels, o.what, key, o.output.output, c.console);
}

}  // namespace cardseg::run
