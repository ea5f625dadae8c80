#include "cardseg/run/study_record.hpp"

#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

using json = nlohmann::json;
namespace fs = std::filesystem;

// Where a directory is named, its study is meant.
std::string record_of(const std::string& named) {
  std::error_code unreachable;
  return fs::is_directory(named, unreachable) ? (fs::path(named) / files::study_json).string() : named;
}

double number_of(const json& value) { return value.is_number() ? value.get<double>() : std::nan(""); }
int whole_of(const json& value) { return value.is_number_integer() ? value.get<int>() : 0; }

report::Alternatives alternatives_from(const json& record) {
  if (record.at("format") != "cardseg-study") throw std::invalid_argument("it is no record of a study");
  report::Alternatives found;
  found.customers = record.at("customers");
  const json& recommended = record.at("recommended");
  found.tested = whole_of(recommended.at("tested"));
  found.recommended = whole_of(recommended.at("segments"));
  found.runner_up = whole_of(recommended.at("runner_up"));
  for (const json& model : record.at("models")) {
    const json& stability = model.at("stability");
    found.numbers.push_back({model.at("segments"), number_of(model.at("r_squared")),
                             number_of(stability.at("stability")), number_of(stability.at("least_stability")),
                             number_of(stability.at("null_stability")), number_of(stability.at("least_ratio")),
                             number_of(stability.at("gap"))});
  }
  return found;
}

}  // namespace

core::OptionTable describe(FollowedStudyOptions& o) {
  return {"Study",
          {core::custom([&o] { return o.study; }, [&o](const std::string& named) { o.study = record_of(named); },
                        {"study", "DIR", core::Shapes::by_file,
                         "run directory of the study that this fit follows: the report shows what it says of other "
                         "numbers of segments"})}};
}

core::OptionTable describe(EvidenceOptions& o) {
  return core::merged("Trust", {describe(o.trust), describe(o.followed)});
}

report::Alternatives read_alternatives(const fs::path& study_json) {
  const std::string text = io::read_file(study_json);
  try {
    return alternatives_from(core::parse_json<json>(text));
  } catch (const std::exception& problem) {
    throw core::Error(core::ExitCode::bad_data, std::string("this is not what cardseg study writes: ") + problem.what())
        .in_file(study_json.string())
        .remedy("Give the run directory of a study that this version made");
  }
}

}  // namespace cardseg::run
