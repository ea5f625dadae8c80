#include "cardseg/cli/describe.hpp"

#include "cardseg/cli/command_line.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/shard_list.hpp"

namespace cardseg::cli {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Shapes;

void set_command_line(const FeatureOptions& options, portfolio::Description& description) {
  description.defaults.transform = options.transform;
  description.defaults.scale = options.scale;
  description.defaults.missing = options.missing;
  description.defaults.max_levels = options.max_levels;
  if (!options.id.empty()) description.id = options.id;
  description.exclude.insert(description.exclude.end(), options.exclude.begin(), options.exclude.end());
}

}  // namespace

core::OptionTable describe(InputOptions& o) {
  return {
      "Input",
      {core::words(o.shards, {"shards", "PATH...", Shapes::inputs,
                              "HDF5 shards or directories of shards; the order of file names is the order of rows"}),
       core::names(o.columns, {"columns", "A,B,...", Shapes::result,
                               "column names, for shards that hold one 2-D matrix without names"}),
       core::toggle(o.no_links, {"no-links", "", Shapes::nothing,
                                 "refuse symbolic links to shards and directories; default: follow them"})}};
}

core::OptionTable describe(FeatureOptions& o) {
  return {
      "Features",
      {core::text(o.description, {"description", "FILE", Shapes::by_file,
                                  "INI file that says how columns are prepared; without it every numeric column "
                                  "but the id is a z-scored feature, and every text column of few levels a category"}),
       core::text(o.id, {"id", "COLUMN", Shapes::result,
                         "column that identifies a customer, or none: rows are numbered; default: the surest of the "
                         "usual names, for example customer_id, CLIENTNUM, Account No"}),
       core::names(o.exclude, {"exclude", "A,B,...", Shapes::result, "columns to leave out of the distance"}),
       core::choice(o.transform, portfolio::transform_names,
                    {"transform", "HOW", Shapes::result,
                     "transform of columns that the description does not name: none, log1p, signed-log, sqrt or "
                     "cube-root"}),
       core::choice(o.scale, portfolio::scale_names,
                    {"scale", "HOW", Shapes::result,
                     "scale of columns that the description does not name: zscore, robust, minmax or none"}),
       core::choice(o.missing, portfolio::missing_names,
                    {"missing", "HOW", Shapes::result,
                     "what replaces a missing value in columns that the description does not name: mean, median, "
                     "zero, indicator (the median, and a feature of its own) or error (refuse it)"}),
       core::number(o.max_levels, {2, 4096},
                    {"max-levels", "N", Shapes::result,
                     "a text column that the description does not name is a category with up to so many different "
                     "texts; with more it is left out"}),
       core::choice(o.precision, portfolio::precision_names,
                    {"precision", "TYPE", Shapes::result, "type in which features are stored: float32 or double"})}};
}

core::OptionTable describe(OutputOptions& o) {
  return {"Output",
          {core::text(o.output, {"output,o", "DIR", Shapes::nothing, "directory to write"}),
           core::toggle(o.overwrite, {"overwrite", "", Shapes::nothing, "replace what an earlier run left there"})}};
}

void validate(const InputOptions& options) {
  if (options.shards.empty())
    throw Error(ExitCode::usage, field("shards") + " is missing").remedy("Name HDF5 shards or a directory of them");
  if (options.no_links) io::refuse_links({options.shards.begin(), options.shards.end()});
}

void validate(const OutputOptions& options) {
  if (options.output.empty())
    throw Error(ExitCode::usage, field("output") + " is missing").remedy("Name the directory to write");
}

io::ShardReadOptions read_options(const InputOptions& options) { return {options.columns}; }

portfolio::Schema resolve(const FeatureOptions& options, const std::vector<io::StoredColumn>& columns) {
  portfolio::Description description;
  set_command_line(options, description);
  try {
    const portfolio::Schema schema = portfolio::make_schema(description, columns);
    if (options.description.empty()) return schema;
  } catch (Error& error) {
    if (error.code() == ExitCode::config) throw error.as(ExitCode::usage);
    if (options.description.empty()) throw;
  }
  try {
    description = portfolio::make_description(read_settings(options.description));
    set_command_line(options, description);
    return portfolio::make_schema(description, columns);
  } catch (Error& error) {
    throw error.code() == ExitCode::config ? error.in_file(options.description) : error;
  }
}

}  // namespace cardseg::cli
