// The model that a run was made with.
#pragma once

#include <filesystem>
#include <optional>

#include "cardseg/segments/model.hpp"

namespace cardseg::run {

/// Whether this is a file, and not the directory of a run.
bool is_model_file(const std::filesystem::path& run);

/// Of a model.json, or of the directory of a run; none of a run that has no model of its own, as of assign. Throws what
/// segments::read_model() throws.
std::optional<segments::Model> model_of_run(const std::filesystem::path& run);

}  // namespace cardseg::run
