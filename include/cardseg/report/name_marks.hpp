// Names of segments in a page, so that they can be found and replaced there: each stands between two invisible
// separators (U+2063), which no name, label or level may hold.
#pragma once

#include <string>
#include <string_view>

namespace cardseg::report {

inline constexpr std::string_view name_mark = "\xE2\x81\xA3";

/// Pure. A name for a document that becomes a page.
std::string marked_name(const std::string& name);

/// Pure. The text of a page with `to` wherever `from` stands as a name; both as people read them. What only looks like
/// the name is left alone.
std::string with_name(const std::string& page, const std::string& from, const std::string& to);

}  // namespace cardseg::report
