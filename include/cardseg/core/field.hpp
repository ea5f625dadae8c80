// How a text below cli names an option: by its field, which whoever shows the text writes in their own way.
#pragma once

#include <string>
#include <string_view>

namespace cardseg::core {

/// A reference to the option `name` inside the text of an error, warning or note: flags are no business of a library,
/// so `"Check " + field("shards")` says "Check shards", and on the command line "Check --shards".
std::string field(std::string_view name);

/// `text` with `prefix` before the name of every field that it refers to; other text stays as it is.
std::string with_fields(std::string_view text, std::string_view prefix);

}  // namespace cardseg::core
