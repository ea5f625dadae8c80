// Times as people write them, 90, 55m, 1h30m, and as they read them.
#pragma once

#include <string>

namespace cardseg::core {

/// The seconds that `text` says: numbers with d, h, m (or min) or s, largest first, as "1h30m"; a number alone is
/// seconds. Throws Error(usage) that names `subject`, as field("max-runtime") does.
double parse_duration(const std::string& text, const std::string& subject);

/// Of a clock that runs: "59 s", "2:05 min", "1:01 h".
std::string clock_text(double seconds);
/// Of an estimate: "1.5 s", "12 min", "3.4 h".
std::string about_text(double seconds);

}  // namespace cardseg::core
