#include "cardseg/monitor/watch_options.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/number_text.hpp"

namespace cardseg::monitor {
namespace {

using core::Option;
using core::OptionText;
using core::Shapes;

// Two numbers, the first above 0 and no larger than the second.
Thresholds thresholds_of(const std::string& text, const std::string& field) {
  const std::vector<std::string> words = core::split_names(text);
  const auto number = [&](std::size_t i) {
    std::size_t read = 0;
    double value = -1.0;
    try {
      value = std::stod(words[i], &read);
    } catch (const std::exception&) {
      return -1.0;
    }
    return read == words[i].size() ? value : -1.0;
  };
  if (words.size() == 2) {
    const Thresholds found{number(0), number(1)};
    if (found.amber > 0.0 && found.red >= found.amber && std::isfinite(found.red)) return found;
  }
  throw core::Error(core::ExitCode::usage, fmt::format("{} cannot be '{}'", field, text))
      .remedy("Write from where on it is amber, and from where on red: 0.1,0.25");
}

Option thresholds(Thresholds& target, const char* name, const char* help) {
  const OptionText what{name, "AMBER,RED", Shapes::result, help};
  const std::string field = core::field_of(what);
  return core::custom([&target] { return core::number_text(target.amber) + "," + core::number_text(target.red); },
                      [&target, field](const std::string& text) { target = thresholds_of(text, field); }, what);
}

}  // namespace

core::OptionTable describe(WatchOptions& o) {
  return {
      "Watch",
      {thresholds(o.psi, "psi", "population stability index"),
       thresholds(o.ks, "ks", "largest difference of cumulated shares, 0 to 1"),
       thresholds(o.wasserstein, "wasserstein", "mean way of values from then to now, in standard deviations"),
       thresholds(o.missing, "missing-change", "change of the share of customers without a value"),
       thresholds(o.unknown, "unknown-change", "change of the share of customers whose level the fit did not know"),
       thresholds(o.mix, "mix", "change of a segment's share of all customers"),
       thresholds(o.far, "far", "share of customers beyond the fit's 99 % of distances"),
       thresholds(o.reconstruction, "reconstruction", "error of the main directions over that of the fit"),
       core::number(o.chance, {1e-9, 0.05},
                    {"chance", "P", Shapes::result, "probability that chance alone raises any light of a month"}),
       core::number(o.tolerance, {1e-6, 1},
                    {"tolerance", "X", Shapes::result,
                     "squared distance of populations that 'resemblance' still takes for none"}),
       core::choice(o.fail_on, fail_on_names,
                    {"fail-on", "LIGHT", Shapes::nothing,
                     "end with exit code 65 where the month is so: red, amber (or red), never; files are written"})}};
}

void validate(const WatchOptions& options) {
  WatchOptions checked = options;
  core::validate(describe(checked));
}

}  // namespace cardseg::monitor
