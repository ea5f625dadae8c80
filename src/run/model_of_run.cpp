#include "cardseg/run/model_of_run.hpp"

#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/model_json.hpp"

namespace cardseg::run {

namespace fs = std::filesystem;

bool is_model_file(const fs::path& run) {
  std::error_code unreachable;
  return fs::is_regular_file(run, unreachable);
}

std::optional<segments::Model> model_of_run(const fs::path& run) {
  if (is_model_file(run)) return segments::read_model(run);
  const fs::path own = run / files::model;
  std::error_code unreachable;
  if (!fs::exists(own, unreachable)) return std::nullopt;
  return segments::read_model(own);
}

}  // namespace cardseg::run
