// model.json: a model as text, and back.
#pragma once

#include <string>

#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// JSON text of a model (docs/formats.md); the same model gives the same text. Contains `model_id`, the SHA-256 of all
/// of it but the program's version, the baseline and what segments are called: renaming one leaves the model what it
/// was.
std::string to_json(const Model& model);
/// The `model_id` that `to_json` writes: 64 hexadecimal digits.
std::string model_id(const Model& model);

/// Reads this format and the ones before it. Throws core::Error(bad_data) where the text is no model, was changed after
/// it was written, is of a later format, or needs something to score by that this version does not know.
Model model_from_json(const std::string& text);

}  // namespace cardseg::segments
