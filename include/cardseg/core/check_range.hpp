#pragma once

namespace cardseg::core {

/// Throws Error(usage) that names the option where its value is not in [least, most].
void check_range(const char* option, double value, double least, double most);

}  // namespace cardseg::core
