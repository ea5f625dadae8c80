#include "cardseg/plan/time_constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::plan {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;

constexpr const char* format_name = "cardseg-time-constants";

struct NamedConstant {
  const char* name;
  double TimeConstants::*value;
};

constexpr NamedConstant named_constants[] = {
    {"check_s_per_customer", &TimeConstants::check_s_per_customer},
    {"load_s_per_byte", &TimeConstants::load_s_per_byte},
    {"pass_s_per_value", &TimeConstants::pass_s_per_value},
    {"pass_s_per_comparison", &TimeConstants::pass_s_per_comparison},
    {"score_s_per_comparison", &TimeConstants::score_s_per_comparison},
    {"write_s_per_customer", &TimeConstants::write_s_per_customer},
    {"digest_s_per_byte", &TimeConstants::digest_s_per_byte},
};

double constant_from(const json& j, const char* name) {
  const double value = j.at(name).get<double>();
  if (!(value >= 0 && value < 1)) throw std::invalid_argument(name);
  return value;
}

}  // namespace

std::string TimeConstants::source_text() const {
  return source.empty() ? "built-in constants, from another machine: 'cardseg plan --calibrate' measures this one"
                        : "constants from " + source;
}

std::string to_json(const TimeConstants& constants) {
  json j = {{"format", format_name}, {"format_version", 1}};
  for (const NamedConstant& each : named_constants) j[each.name] = constants.*each.value;
  return j.dump(1) + "\n";
}

TimeConstants read_time_constants(const std::filesystem::path& file) {
  const std::string text = io::read_file(file);
  try {
    const json j = core::parse_json<json>(text);
    if (j.at("format") != format_name) throw std::invalid_argument("format");
    TimeConstants constants;
    for (const NamedConstant& each : named_constants) constants.*each.value = constant_from(j, each.name);
    constants.source = file.string();
    return constants;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    throw Error(ExitCode::config, "this holds no time constants")
        .in_file(file.string())
        .remedy("'cardseg plan --calibrate --constants FILE' writes such a file");
  }
}

TimeConstants known_time_constants() {
  const char* file = std::getenv("CARDSEG_CONSTANTS");
  return file && *file ? read_time_constants(file) : TimeConstants{};
}

TimeConstants chosen_time_constants(const std::string& file) {
  return file.empty() ? known_time_constants() : read_time_constants(file);
}

}  // namespace cardseg::plan
