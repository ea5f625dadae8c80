#include "cardseg/report/reached.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {

std::string reached_text(const segments::FitRecord& fit) {
  if (!fit.reached) return "";
  const std::string by_what = fit.refitted_from > 0
                                  ? "found from " + counted(fit.refitted_from, "segment") + " of the same study"
                                  : "moves between segments found it";
  if (fit.restarts == 1) return *fit.reached == 0 ? by_what : "";
  if (*fit.reached == 0)
    return fmt::format("{}; none of {} restarts came within 0.01 % of it", by_what, shown_count(fit.restarts));
  const std::string which = *fit.reached == fit.restarts ? "all" : shown_count(*fit.reached) + " of";
  return fmt::format("{} {} restarts came to it, within 0.01 %", which, shown_count(fit.restarts));
}

}  // namespace cardseg::report
