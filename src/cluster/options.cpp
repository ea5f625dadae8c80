#include "cardseg/cluster/options.hpp"

#include <array>
#include <vector>

#include "cardseg/core/check_range.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::cluster {
namespace {

constexpr std::array seeding_names = {"refined", "k-means++", "k-means||", "greedy", "random", "first", "file"};
constexpr std::array algorithm_names = {"auto", "plain", "hamerly", "yinyang"};

// ". Did you mean 'x'?", or nothing.
std::string hint(const std::string& name, const std::vector<std::string>& known) {
  const std::string question = core::did_you_mean(name, known);
  return question.empty() ? "" : ". " + question;
}

}  // namespace

const char* name_of(Seeding seeding) { return seeding_names[static_cast<std::size_t>(seeding)]; }

Seeding seeding_named(const std::string& name) {
  for (std::size_t i = 0; i < seeding_names.size(); ++i)
    if (name == seeding_names[i]) return static_cast<Seeding>(i);
  throw core::Error(core::ExitCode::usage, "--seeding cannot be '" + name + "'")
      .remedy("It is refined, k-means++, k-means||, greedy, random, first or file" +
              hint(name, {seeding_names.begin(), seeding_names.end()}));
}

bool is_by_chance(Seeding seeding) {
  switch (seeding) {
    case Seeding::refined:
    case Seeding::plusplus:
    case Seeding::parallel:
    case Seeding::greedy:
    case Seeding::random: return true;
    case Seeding::first:
    case Seeding::file: return false;
  }
  return false;
}

const char* name_of(Algorithm algorithm) { return algorithm_names[static_cast<std::size_t>(algorithm)]; }

Algorithm algorithm_named(const std::string& name) {
  for (std::size_t i = 0; i < algorithm_names.size(); ++i)
    if (name == algorithm_names[i]) return static_cast<Algorithm>(i);
  throw core::Error(core::ExitCode::usage, "--algorithm cannot be '" + name + "'")
      .remedy("It is auto, plain, hamerly or yinyang");
}

void validate(const FitOptions& options) {
  core::check_range("--segments", options.segments, 1, 10000);
  core::check_range("--seeding-rounds", options.seeding_rounds, 1, 100);
  core::check_range("--restarts", options.restarts, 1, 10000);
  core::check_range("--max-iterations", options.max_iterations, 1, 1000000);
  core::check_range("--tolerance", options.tolerance, 0, 1);
  core::check_range("--stop-losers", options.stop_losers, 0, 100);
  core::check_range("--together", options.together, 0, 64);
}

}  // namespace cardseg::cluster
