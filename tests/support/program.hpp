// Runs the program as a user does: through the shell, under mpirun, with its exit code and what it said.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cardseg::support {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// How a command is started.
struct Launch {
  int ranks = 0;      ///< 0: without mpirun
  int threads = 1;    ///< OMP_NUM_THREADS
  int seconds = 120;  ///< after which it is killed (exit code 124): nothing may hang
};

/// `arguments` as on the command line, e.g. "fit --shards x". The program is $CARDSEG or the one that was built.
Outcome run_cardseg(const std::string& arguments, const Launch& launch = {});
/// Any shell command.
Outcome run_shell(const std::string& command, int seconds = 120);
/// The path of the program.
std::string program();

/// ../shared/data/<name> beside the sources or in $CARDSEG_SHARED_DATA; empty where it is absent.
std::filesystem::path shared_data(const std::string& name);

/// True where the slow tests were asked for (CARDSEG_CAMPAIGN).
bool is_campaign();

/// SHA-256 of the files under `directory` by relative name.
std::map<std::string, std::string> digests(const std::filesystem::path& directory);

/// SHA-256 of each column's values, to the bit, over all shards of a directory in row order: whatever their split.
std::map<std::string, std::string> column_digests(const std::filesystem::path& directory);

/// An integer column of all shards (labels or truth) in a directory, in row order.
std::vector<std::int64_t> read_column(const std::filesystem::path& directory, const std::string& column);

/// Agreement of two labelings: 1 where they are the same grouping, about 0 for independent ones (Hubert, Arabie 1985).
double adjusted_rand_index(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b);

}  // namespace cardseg::support
