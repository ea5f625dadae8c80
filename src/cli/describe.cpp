#include "cardseg/cli/describe.hpp"

#include <boost/program_options.hpp>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::cli {
namespace {

namespace po = boost::program_options;
using core::Error;
using core::ExitCode;

// An option whose value is one of an enumeration's names.
template <class Enum, class Parse>
po::typed_value<std::string>* named_value(Enum& target, const char* now, const char* value_name, Parse parse) {
  return po::value<std::string>()
      ->default_value(now)
      ->value_name(value_name)
      ->notifier([&target, parse](const std::string& name) { target = parse(name); });
}

void set_command_line(const FeatureOptions& options, portfolio::Description& description) {
  description.defaults = options.defaults;
  if (!options.id.empty()) description.id = options.id;
  for (const std::string& name : split_names(options.exclude)) description.exclude.push_back(name);
}

// `others`: the ways that are not common to all jobs.
void add_seeding_option(po::options_description& options, cluster::FitOptions& o, const std::string& others) {
  const std::string text =
      "first centroids: refined (k-means++ and iterations on a sample; of few customers, as below 262,144, k-means++ "
      "of all), k-means++, 'k-means||' (few passes, for many segments), greedy (better, slower), random" +
      others;
  options.add_options()("seeding", named_value(o.seeding, name_of(o.seeding), "HOW", cluster::seeding_named),
                        text.c_str());
}

// What every fit is told, whoever says how many segments.
void add_restart_options(po::options_description& options, cluster::FitOptions& o) {
  options.add_options()  //
      ("seeding-rounds", po::value(&o.seeding_rounds)->default_value(o.seeding_rounds)->value_name("N"),
       "rounds of --seeding 'k-means||', 1 to 100: a pass over the customers each")  //
      ("restarts", po::value(&o.restarts)->default_value(o.restarts)->value_name("N"),
       "fits from different seeds; the one with the least inertia is kept")  //
      ("max-iterations", po::value(&o.max_iterations)->default_value(o.max_iterations)->value_name("N"),
       "iterations after which a fit stops")  //
      ("tolerance", po::value(&o.tolerance)->default_value(o.tolerance)->value_name("SHARE"),
       "stop when the inertia falls by less than this share; 0: when no customer changes segment")  //
      ("algorithm", named_value(o.algorithm, name_of(o.algorithm), "HOW", cluster::algorithm_named),
       "what a pass skips: auto, plain (nothing), hamerly or yinyang; the results are the same bytes")  //
      ("stop-losers", po::value(&o.stop_losers)->default_value(o.stop_losers)->value_name("SHARE"),
       "give up a restart whose inertia, after five iterations or more, exceeds by this share what an earlier one had "
       "after as many; 0: never")  //
      ("together", po::value(&o.together)->default_value(o.together)->value_name("N"),
       "restarts that share each pass over the customers, with the same results; 0: one where features are in memory "
       "(each skips what it can), as many as memory allows where they are streamed")  //
      ("seed", po::value(&o.seed)->default_value(o.seed)->value_name("N"), "the same seed gives the same segments");
}

}  // namespace

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    if (comma > begin) items.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return items;
}

void describe(po::options_description& all, InputOptions& o) {
  po::options_description options("Input");
  options.add_options()  //
      ("shards", po::value(&o.shards)->multitoken()->value_name("PATH..."),
       "HDF5 shards, or directories of them; file names give the order of rows")  //
      ("columns", po::value(&o.columns)->default_value(o.columns)->value_name("A,B,..."),
       "names of the columns of shards that hold one 2-D matrix without names");
  all.add(options);
}

void describe(po::options_description& all, FeatureOptions& o) {
  po::options_description options("Features");
  options.add_options()  //
      ("description", po::value(&o.description)->default_value(o.description)->value_name("FILE"),
       "INI file that says how columns are prepared; without it every numeric column but the id is a z-scored "
       "feature")  //
      ("id", po::value(&o.id)->default_value(o.id)->value_name("COLUMN"),
       "the column that names a customer; default: customer_id, cust_id or id")  //
      ("exclude", po::value(&o.exclude)->default_value(o.exclude)->value_name("A,B,..."),
       "columns that are no features")  //
      ("transform",
       named_value(o.defaults.transform, name_of(o.defaults.transform), "HOW",
                   [](const std::string& name) { return portfolio::transform_named(name, "--transform"); }),
       "of columns not described: none, log1p or signed-log")  //
      ("scale",
       named_value(o.defaults.scale, name_of(o.defaults.scale), "HOW",
                   [](const std::string& name) { return portfolio::scale_named(name, "--scale"); }),
       "of columns not described: zscore, robust, minmax or none")  //
      ("missing",
       named_value(o.defaults.missing, name_of(o.defaults.missing), "HOW",
                   [](const std::string& name) { return portfolio::missing_named(name, "--missing"); }),
       "what stands for a missing value in columns not described: mean, median, zero or error")  //
      ("precision", named_value(o.precision, name_of(o.precision), "TYPE", portfolio::precision_named),
       "type in which features are stored: float32 or double");
  all.add(options);
}

void describe(po::options_description& all, OutputOptions& o) {
  po::options_description options("Output");
  options.add_options()                                                                                     //
      ("output,o", po::value(&o.output)->default_value(o.output)->value_name("DIR"), "directory to write")  //
      ("overwrite", po::bool_switch(&o.overwrite), "replace what an earlier run left there");
  all.add(options);
}

void describe(po::options_description& all, cluster::FitOptions& o, std::string& centroids) {
  po::options_description options("Fit");
  options.add_options()  //
      ("segments,k", po::value(&o.segments)->default_value(o.segments)->value_name("K"),
       "number of segments, 1 to 10000");
  add_seeding_option(options, o, ", first (the first K rows) or file (see --centroids)");
  options.add_options()  //
      ("centroids", po::value(&centroids)->default_value(centroids)->value_name("FILE"),
       "first centroids for --seeding file, as the centroids.csv of a run");
  add_restart_options(options, o);
  all.add(options);
}

void describe(po::options_description& all, quality::StudyOptions& o) {
  po::options_description options("Study");
  options.add_options()  //
      ("segments,k", po::value(&o.segments)->default_value(o.segments)->value_name("LIST"),
       "numbers of segments: one, a range or a list, as 5, 2..12 or 2,4,8..10");
  add_seeding_option(options, o.fit, " or first (the first K rows)");
  options.add_options()  //
      ("silhouette-sample", po::value(&o.silhouette_sample)->default_value(o.silhouette_sample)->value_name("N"),
       "customers whose pairwise distances give the sampled silhouette, up to 100000; 0: none");
  add_restart_options(options, o.fit);
  all.add(options);
}

void validate(const InputOptions& options) {
  if (options.shards.empty())
    throw Error(ExitCode::usage, "--shards is missing").remedy("Name HDF5 shards or a directory of them");
}

void validate(const OutputOptions& options) {
  if (options.output.empty()) throw Error(ExitCode::usage, "--output is missing").remedy("Name the directory to write");
}

io::ShardReadOptions read_options(const InputOptions& options) { return {split_names(options.columns)}; }

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
