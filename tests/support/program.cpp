#include "support/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <numeric>

#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::support {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

// Of as many values as there are rows, which `read` fills in.
template <class T, class Read>
std::string digest_of(std::int64_t rows, Read read) {
  std::vector<T> values(static_cast<std::size_t>(rows));
  read(values);
  core::Sha256 digest;
  digest.update(values.data(), values.size() * sizeof(T));
  return digest.hex();
}

std::string digest_of_texts(const std::vector<std::string>& texts) {
  core::Sha256 digest;
  for (const std::string& text : texts) digest.update(text.c_str(), text.size() + 1);
  return digest.hex();
}

std::string digest_of_column(const io::ShardSet& shards, int column) {
  const core::Range all{0, shards.rows()};
  switch (shards.columns()[static_cast<std::size_t>(column)].type) {
    case io::ColumnType::boolean:
    case io::ColumnType::int32:
    case io::ColumnType::int64:
      return digest_of<std::int64_t>(all.end, [&](auto& out) { shards.read_integers(column, all, out); });
    case io::ColumnType::float32:
    case io::ColumnType::float64:
      return digest_of<double>(all.end, [&](auto& out) { shards.read_numbers(column, all, out); });
    case io::ColumnType::text: break;
  }
  return digest_of_texts(shards.read_texts(column, all));
}

double pairs(double n) { return n * (n - 1) / 2; }

}  // namespace

std::string program() { return environment("CARDSEG", CARDSEG_PROGRAM); }

Outcome run_shell(const std::string& command, int seconds) {
  const fs::path base = fs::temp_directory_path() / ("cardseg-run-" + std::to_string(::getpid()));
  const std::string out = base.string() + ".out";
  const std::string err = base.string() + ".err";
  const int status = std::system(
      ("timeout -k 5 " + std::to_string(seconds) + " sh -c '" + command + "' >" + out + " 2>" + err + " </dev/null")
          .c_str());
  Outcome outcome{WIFEXITED(status) ? WEXITSTATUS(status) : -1, io::read_file(out), io::read_file(err)};
  fs::remove(out);
  fs::remove(err);
  return outcome;
}

Outcome run_cardseg(const std::string& arguments, const Launch& launch) {
  const std::string threads = "OMP_NUM_THREADS=" + std::to_string(launch.threads) + " ";
  const std::string mpirun = environment("CARDSEG_MPIRUN", CARDSEG_MPIRUN_COMMAND);
  const std::string start = launch.ranks > 0 ? mpirun + " -n " + std::to_string(launch.ranks) + " " : "";
  return run_shell(threads + start + program() + " " + arguments, launch.seconds);
}

fs::path shared_data(const std::string& name) {
  const fs::path path = fs::path(environment("CARDSEG_SHARED_DATA", CARDSEG_SHARED_DATA_DEFAULT)) / name;
  return fs::exists(path) ? path : fs::path();
}

bool is_campaign() { return !environment("CARDSEG_CAMPAIGN", "").empty(); }

std::map<std::string, std::string> digests(const fs::path& directory) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file())
      found[entry.path().lexically_relative(directory).string()] = io::sha256_of_file(entry.path());
  return found;
}

std::map<std::string, std::string> column_digests(const fs::path& directory) {
  const io::ShardSet shards(comm::Communicator(), {directory});
  std::map<std::string, std::string> found;
  for (const io::StoredColumn& column : shards.columns())
    found[column.name] = digest_of_column(shards, shards.column_index(column.name));
  return found;
}

std::vector<std::int64_t> read_column(const fs::path& directory, const std::string& column) {
  const io::ShardSet shards(comm::Communicator(), {directory});
  std::vector<std::int64_t> values(static_cast<std::size_t>(shards.rows()));
  shards.read_integers(shards.column_index(column), {0, shards.rows()}, values);
  return values;
}

double adjusted_rand_index(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  std::map<std::pair<std::int64_t, std::int64_t>, double> both;
  std::map<std::int64_t, double> in_a;
  std::map<std::int64_t, double> in_b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++both[{a[i], b[i]}];
    ++in_a[a[i]];
    ++in_b[b[i]];
  }
  const auto sum = [](const auto& counts) {
    return std::accumulate(counts.begin(), counts.end(), 0.0,
                           [](double s, const auto& c) { return s + pairs(c.second); });
  };
  const double expected = sum(in_a) * sum(in_b) / pairs(static_cast<double>(a.size()));
  return (sum(both) - expected) / ((sum(in_a) + sum(in_b)) / 2 - expected);
}

}  // namespace cardseg::support
