// Writes a generated portfolio: shards shared out over the ranks, all or nothing.
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "cardseg/portfolio/generator.hpp"

namespace cardseg::portfolio {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

constexpr std::int64_t block_rows = 65536;

// A portfolio of no customers still has one shard, which says what the columns are.
std::int64_t shard_count(const GeneratorOptions& options) {
  return options.customers == 0 ? 1 : (options.customers - 1) / options.rows_per_shard + 1;
}

core::Range rows_of_shard(const GeneratorOptions& options, std::int64_t shard) {
  const std::int64_t begin = shard * options.rows_per_shard;
  return {begin, std::min(options.customers, begin + options.rows_per_shard)};
}

std::string shard_name(std::int64_t shard, std::int64_t shards) {
  char name[64];
  std::snprintf(name, sizeof name, "portfolio-%05lld-of-%05lld.h5", static_cast<long long>(shard),
                static_cast<long long>(shards));
  return name;
}

// True where everything inside is what `generate_portfolio` writes: only then may it be replaced.
bool is_generated_portfolio(const fs::path& directory) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
    const fs::path name = entry.path().lexically_relative(directory);
    const std::string folder = name.parent_path().string();
    const std::string file = name.filename().string();
    const bool is_folder = folder.empty() && (file == "shards" || file == "truth") && entry.is_directory();
    const bool is_shard = (folder == "shards" || folder == "truth") && file.starts_with("portfolio-") &&
                          file.ends_with(".h5") && entry.is_regular_file();
    if (!is_folder && !is_shard && name != "description.ini" && name != "truth/segments.csv") return false;
  }
  return true;
}

void check_output(const fs::path& output, bool overwrite) {
  if (!fs::exists(output)) return;
  Error error(ExitCode::cannot_create, "the output exists");
  error.in_file(output.string());
  if (!fs::is_directory(output)) throw error.remedy("It is a file: name a directory with --output");
  if (fs::is_empty(output)) return;
  if (!overwrite) throw error.remedy("Name another directory with --output, or add --overwrite");
  if (!is_generated_portfolio(output))
    throw error.remedy(
        "It holds more than a generated portfolio, so --overwrite leaves it alone: name another directory");
}

// The directory in which everything is written until it is complete; beside the output, so that a rename moves it.
// Removed by the root where it was not committed; by then no rank may be writing any more.
class Staging {
 public:
  /// Collective.
  Staging(const comm::Communicator& comm, const GeneratorOptions& options) : is_root_(comm.is_root()) {
    std::string place;
    comm::agree(comm, [&] {
      if (is_root_) place = make(options);
    });
    comm.broadcast(place, 0);
    directory_ = place;
  }
  ~Staging() {
    std::error_code ignored;  // what cannot be removed keeps a name that nobody takes for a portfolio
    if (is_root_ && !directory_.empty()) fs::remove_all(directory_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  Staging(Staging&&) = delete;
  Staging& operator=(Staging&&) = delete;

  const fs::path& directory() const { return directory_; }

  /// On the root. An earlier portfolio steps aside first and comes back where the new one cannot take its place.
  void commit() {
    fs::path earlier = directory_;
    earlier += ".replaced";
    const bool replaces = fs::exists(output_);
    if (replaces) fs::rename(output_, earlier);
    try {
      io::commit_file(directory_, output_);
    } catch (...) {
      std::error_code ignored;
      if (replaces) fs::rename(earlier, output_, ignored);
      throw;
    }
    directory_.clear();
    if (replaces) fs::remove_all(earlier);
  }

 private:
  std::string make(const GeneratorOptions& options) try {
    output_ = fs::weakly_canonical(fs::absolute(options.output_directory));
    if (!output_.has_filename()) output_ = output_.parent_path();  // "out/" names the same directory as "out"
    check_output(output_, options.overwrite);
    directory_ = io::temporary_name(output_);
    io::make_directory(directory_ / "shards");
    io::make_directory(directory_ / "truth");
    return directory_.string();
  } catch (const fs::filesystem_error& failure) {
    throw Error(ExitCode::cannot_create, "cannot be looked at: " + failure.code().message())
        .in_file(options.output_directory.string());
  }

  bool is_root_;
  fs::path output_;  // on the root only
  fs::path directory_;
};

void count(const io::Block& truth, std::vector<std::int64_t>& customers) {
  for (const std::int32_t segment : std::get<std::vector<std::int32_t>>(truth[1]))
    ++customers[static_cast<std::size_t>(segment - 1)];
}

class LocalShards {
 public:
  LocalShards(const PortfolioGenerator& generator, const GeneratorOptions& options, fs::path directory)
      : generator_(generator), options_(options), directory_(std::move(directory)) {}

  /// Local. Writes one shard of customers and one of truth; adds to `customers`, one count a segment.
  void write(std::int64_t shard, std::vector<std::int64_t>& customers) const {
    const std::string name = shard_name(shard, shard_count(options_));
    const core::Range rows = rows_of_shard(options_, shard);
    const io::ShardWriterOptions format{.deflate_level = options_.deflate_level};
    io::ShardWriter values(directory_ / "shards" / name, generator_.columns(), rows.size(), format);
    io::ShardWriter truth(directory_ / "truth" / name, generator_.truth_columns(), rows.size(), format);
    for (std::int64_t begin = rows.begin; begin < rows.end; begin += block_rows) {
      const core::Range part{begin, std::min(begin + block_rows, rows.end)};
      const io::Block segments = generator_.truth(part);
      values.append(generator_.rows(part));
      truth.append(segments);
      count(segments, customers);
    }
    values.commit();
    truth.commit();
  }

 private:
  const PortfolioGenerator& generator_;
  const GeneratorOptions& options_;
  fs::path directory_;
};

// Collective. One shard a rank at a time, then the ranks agree: nobody writes on for hours after a failure elsewhere.
std::vector<std::int64_t> write_shards(const comm::Communicator& comm, const PortfolioGenerator& generator,
                                       const GeneratorOptions& options, const fs::path& directory,
                                       core::Events& events) {
  const LocalShards shards(generator, options, directory);
  const core::Range local = core::local_range(comm.rank(), shard_count(options), comm.size());
  const std::int64_t most = core::local_range(0, shard_count(options), comm.size()).size();
  std::vector<std::int64_t> customers(generator.segments().size());
  for (std::int64_t i = 0; i < most; ++i) {
    comm::agree(comm, [&] {
      if (i < local.size()) shards.write(local.begin + i, customers);
    });
    events.progress("generate", std::min(i + 1, local.size()), local.size());
  }
  comm.allreduce_sum(std::span(customers));
  return customers;
}

std::string segments_csv(const std::vector<GeneratedSegment>& segments) {
  std::string text = "number,name,description,share,customers\n";
  for (const GeneratedSegment& segment : segments) {
    char share[32];
    std::snprintf(share, sizeof share, "%.6g", segment.share);
    text += std::to_string(segment.number) + "," + segment.name + "," + segment.description + "," + share + "," +
            std::to_string(segment.customers) + "\n";
  }
  return text;
}

}  // namespace

GeneratorReport generate_portfolio(const comm::Communicator& comm, const GeneratorOptions& options,
                                   core::Events& events) {
  if (options.output_directory.empty()) throw Error(ExitCode::usage, "--output names no directory");
  const PortfolioGenerator generator(options);
  Staging staging(comm, options);
  const std::vector<std::int64_t> customers = write_shards(comm, generator, options, staging.directory(), events);
  GeneratorReport report{.customers = options.customers,
                         .shards = shard_count(options),
                         .columns = static_cast<std::int64_t>(generator.columns().size()),
                         .segments = generator.segments()};
  for (std::size_t s = 0; s < customers.size(); ++s) report.segments[s].customers = customers[s];
  comm::agree(comm, [&] {
    if (!comm.is_root()) return;
    io::write_file(staging.directory() / "truth" / "segments.csv", segments_csv(report.segments));
    io::write_file(staging.directory() / "description.ini", generated_description(options));
    staging.commit();
  });
  return report;
}

}  // namespace cardseg::portfolio
