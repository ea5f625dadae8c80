// Writes a generated portfolio: shards shared out over the ranks, all or nothing.
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/io/owner_lock.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "generate/generator_shifts.hpp"

namespace cardseg::generate {
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

// True where there is nothing inside but what says which job writes there.
bool is_free(const fs::path& directory) {
  return std::ranges::all_of(fs::directory_iterator(directory), [](const fs::directory_entry& entry) {
    return io::is_owners_file(entry.path().filename().string());
  });
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
    const bool is_owners = folder.empty() && io::is_owners_file(file);
    if (!is_folder && !is_shard && !is_owners && name != "description.ini" && name != "truth/segments.csv" &&
        name != "truth/shifts.csv")
      return false;
  }
  return true;
}

[[noreturn]] void refuse(const fs::path& output, const std::string& remedy) {
  throw Error(ExitCode::cannot_create, "the output exists").in_file(output.string()).remedy(remedy);
}

void check_output(const fs::path& output, bool overwrite) {
  if (!fs::exists(output)) return;
  if (!fs::is_directory(output)) refuse(output, "It is a file: name a directory with " + core::field("output"));
  if (is_free(output)) return;
  if (!overwrite)
    refuse(output, "Name another directory with " + core::field("output") + ", or add " + core::field("overwrite"));
  if (!is_generated_portfolio(output))
    refuse(output, "It holds more than a generated portfolio, so " + core::field("overwrite") +
                       " leaves it alone: name another directory");
}

// Runs `work`; a failure of the file system inside becomes an error that names `path`.
template <class Work>
void look_after(const fs::path& path, Work work) {
  try {
    work();
  } catch (const fs::filesystem_error& failure) {
    throw Error(ExitCode::cannot_create, "cannot be created: " + failure.code().message()).in_file(path.string());
  }
}

// The directory in which everything is written until it is complete; beside the output, so that a rename moves it.
// Removed by the root where it was not committed; by then no rank may be writing any more.
class Staging {
 public:
  /// Collective.
  Staging(const comm::Communicator& comm, const GeneratorOptions& options)
      : is_root_(comm.is_root()), overwrite_(options.overwrite) {
    try {
      comm::agree(comm, [&] {
        if (is_root_) look_after(options.output_directory, [&] { make(options); });
      });
    } catch (...) {
      remove();  // no destructor runs for what was not constructed
      throw;
    }
    std::string place = directory_.string();
    comm.broadcast(place, 0);
    directory_ = place;
  }
  ~Staging() { remove(); }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  Staging(Staging&&) = delete;
  Staging& operator=(Staging&&) = delete;

  const fs::path& directory() const { return directory_; }

  /// On the root. An earlier portfolio steps aside first and comes back where the new one cannot take its place.
  void commit(core::Events& events) {
    look_after(output_, [&] { take_place(events); });
  }

 private:
  void make(const GeneratorOptions& options) {
    output_ = fs::weakly_canonical(fs::absolute(options.output_directory));
    if (!output_.has_filename()) output_ = output_.parent_path();  // "out/" names the same directory as "out"
    check_output(output_, options.overwrite);
    check_can_move();
    directory_ = io::temporary_name(output_);
    try {
      io::make_directory(directory_ / "shards");
      io::make_directory(directory_ / "truth");
    } catch (Error& error) {
      throw error.in_file(output_.string());
    }
  }

  // A rename cannot replace the root of a file system.
  void check_can_move() const {
    struct stat output {};
    struct stat parent {};
    if (::stat(output_.c_str(), &output) != 0 || ::stat(output_.parent_path().c_str(), &parent) != 0) return;
    if (output.st_dev != parent.st_dev) refuse(output_, "It is the root of a file system: name a directory below it");
  }

  void remove() noexcept {
    std::error_code ignored;  // what cannot be removed keeps a name that nobody takes for a portfolio
    if (is_root_ && !directory_.empty()) fs::remove_all(directory_, ignored);
  }

  void take_place(core::Events& events) {
    check_output(output_, overwrite_);  // again: it may have appeared meanwhile
    if (!fs::exists(output_)) {
      io::commit_file(directory_, output_);
    } else {
      take_owner_along();
      replace(events);
    }
    directory_.clear();
  }

  void replace(core::Events& events) const {
    fs::path earlier = directory_;
    std::error_code failure;
    if (!io::exchange_directories(directory_, output_)) {
      earlier += ".replaced";
      fs::rename(output_, earlier);
      try {
        io::commit_file(directory_, output_);
      } catch (...) {
        fs::rename(earlier, output_, failure);
        throw;
      }
    }
    fs::remove_all(earlier, failure);
    if (failure) events.warning("the replaced portfolio could not be removed: " + earlier.string());
  }

  // The new directory belongs to the job that the old one belongs to.
  void take_owner_along() const {
    for (const char* name : {io::owner_file, io::progress_file}) {
      std::error_code no_links;
      if (!fs::exists(output_ / name)) continue;
      fs::create_hard_link(output_ / name, directory_ / name, no_links);
      if (no_links) fs::copy_file(output_ / name, directory_ / name);
    }
  }

  bool is_root_;
  bool overwrite_;
  fs::path output_;  // on the root only
  fs::path directory_;
};

// One rank's shards.
class LocalShards {
 public:
  LocalShards(const comm::Communicator& comm, const PortfolioGenerator& generator, const GeneratorOptions& options,
              fs::path directory)
      : generator_(generator),
        options_(options),
        directory_(std::move(directory)),
        shards_(core::local_range(comm.rank(), shard_count(options), comm.size())),
        rows_(shards_.is_empty() ? 0 : rows_of_shard(options, shards_.end - 1).end - first_row()),
        customers_(generator.segments().size()) {}

  std::int64_t size() const { return shards_.size(); }
  /// Customers written, one count a segment.
  const std::vector<std::int64_t>& customers() const { return customers_; }

  /// Local. Writes the `index`th shard of this rank, its customers and their truth.
  void write(std::int64_t index, core::Events& events) {
    const std::int64_t shard = shards_.begin + index;
    const std::string name = shard_name(shard, shard_count(options_));
    const core::Range rows = rows_of_shard(options_, shard);
    const io::ShardWriterOptions format{.deflate_level = options_.deflate_level};
    io::ShardWriter values(directory_ / "shards" / name, generator_.columns(), rows.size(), format);
    io::ShardWriter truth(directory_ / "truth" / name, generator_.truth_columns(), rows.size(), format);
    for (std::int64_t begin = rows.begin; begin < rows.end; begin += block_rows) {
      const core::Range part{begin, std::min(begin + block_rows, rows.end)};
      values.append(generator_.rows(part));
      const io::Block segments = generator_.truth(part);
      truth.append(segments);
      count(segments);
      events.progress("generate", part.end - first_row(), rows_);
    }
    values.commit();
    truth.commit();
  }

 private:
  std::int64_t first_row() const { return rows_of_shard(options_, shards_.begin).begin; }

  void count(const io::Block& truth) {
    for (const std::int32_t segment : std::get<std::vector<std::int32_t>>(truth[1]))
      ++customers_[static_cast<std::size_t>(segment - 1)];
  }

  const PortfolioGenerator& generator_;
  const GeneratorOptions& options_;
  fs::path directory_;
  core::Range shards_;
  std::int64_t rows_;
  std::vector<std::int64_t> customers_;
};

// Collective. One shard a rank at a time, then the ranks agree: nobody writes on for hours after a failure elsewhere.
// Returns the number of customers of each segment.
std::vector<std::int64_t> write_shards(const comm::Communicator& comm, const PortfolioGenerator& generator,
                                       const GeneratorOptions& options, const fs::path& directory,
                                       core::Events& events) {
  LocalShards local(comm, generator, options, directory);
  const std::int64_t most = comm.max(local.size());
  for (std::int64_t i = 0; i < most; ++i) {
    comm::agree(comm, [&] {
      try {
        if (i < local.size()) local.write(i, events);
      } catch (Error& error) {
        const fs::path place = fs::path(error.place().file).lexically_relative(directory);
        if (!place.empty() && *place.begin() != "..") error.in_file(options.output_directory / place);
        throw;
      }
    });
  }
  std::vector<std::int64_t> customers = local.customers();
  comm.allreduce_sum(std::span(customers));
  return customers;
}

std::string segments_csv(const std::vector<GeneratedSegment>& segments) {
  io::CsvWriter table({"number", "name", "description", "share", "customers"});
  for (const GeneratedSegment& segment : segments) {
    char share[32];
    std::snprintf(share, sizeof share, "%.6g", segment.share);
    table.add_row({std::int64_t{segment.number}, segment.name, segment.description, share, segment.customers});
  }
  return table.text();
}

}  // namespace

GeneratorReport generate_portfolio(const comm::Communicator& comm, const GeneratorOptions& options,
                                   core::Events& events) {
  if (options.output_directory.empty()) throw Error(ExitCode::usage, core::field("output") + " names no directory");
  const auto generator = comm::agree(comm, [&] { return PortfolioGenerator(options); });
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
    if (!options.shifts.empty())
      io::write_file(staging.directory() / "truth" / "shifts.csv", shifts_csv(make_shifts(options)));
    io::write_file(staging.directory() / "description.ini", generated_description(options));
    staging.commit(events);
  });
  return report;
}

}  // namespace cardseg::generate
