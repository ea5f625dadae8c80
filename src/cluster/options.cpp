#include "cardseg/cluster/options.hpp"

#include <fmt/format.h>

#include <array>

#include "cardseg/core/error.hpp"

namespace cardseg::cluster {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::array seeding_names = {"k-means++", "random", "first", "file"};
constexpr std::array algorithm_names = {"auto", "plain", "hamerly", "yinyang"};

void check_range(const char* flag, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw Error(ExitCode::usage, fmt::format("{} cannot be {}", flag, value))
      .remedy(fmt::format("It is a number from {} to {}", least, most));
}

}  // namespace

const char* name_of(Seeding seeding) { return seeding_names[static_cast<std::size_t>(seeding)]; }

Seeding seeding_named(const std::string& name) {
  for (std::size_t i = 0; i < seeding_names.size(); ++i)
    if (name == seeding_names[i]) return static_cast<Seeding>(i);
  throw Error(ExitCode::usage, "--seeding cannot be '" + name + "'").remedy("It is k-means++, random, first or file");
}

const char* name_of(Algorithm algorithm) { return algorithm_names[static_cast<std::size_t>(algorithm)]; }

Algorithm algorithm_named(const std::string& name) {
  for (std::size_t i = 0; i < algorithm_names.size(); ++i)
    if (name == algorithm_names[i]) return static_cast<Algorithm>(i);
  throw Error(ExitCode::usage, "--algorithm cannot be '" + name + "'").remedy("It is auto, plain, hamerly or yinyang");
}

void validate(const FitOptions& options) {
  check_range("--segments", options.segments, 1, 10000);
  check_range("--restarts", options.restarts, 1, 10000);
  check_range("--max-iterations", options.max_iterations, 1, 1000000);
  check_range("--tolerance", options.tolerance, 0, 1);
}

}  // namespace cardseg::cluster
