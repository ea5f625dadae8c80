// Lines whose fields stand between blanks, or at fixed places, as lines between tabs.
#pragma once

#include <memory>
#include <span>

#include "cardseg/convert/convert_options.hpp"
#include "convert/byte_source.hpp"

namespace cardseg::convert {

/// Any number of blanks and tabs between fields becomes one tab; blanks at both ends of a line go. `inner` must outlive
/// it.
std::unique_ptr<ByteSource> with_tabs_for_blanks(ByteSource& inner);

/// Each field is cut out of its line, without the blanks around it. Places count characters of UTF-8. `inner` must
/// outlive it. Throws core::Error(bad_data) where a line is longer than csv_max_record_bytes.
std::unique_ptr<ByteSource> with_tabs_for_places(ByteSource& inner, std::span<const FieldPlace> places);

}  // namespace cardseg::convert
