#include "cardseg/run/result_config.hpp"

#include <algorithm>

#include "cardseg/io/atomic_file.hpp"

namespace cardseg::run {
namespace {

std::string digest_if_named(const std::string& path) { return path.empty() ? "" : io::sha256_of_file(path); }

}  // namespace

ResultConfig result_config(const std::vector<core::OptionTable>& tables) {
  constexpr const char* unsaid_where_empty = "min-segment";  // so that what is not asked for changes no file
  ResultConfig config;
  for (const core::OptionTable& table : tables)
    for (const core::Option& option : table.options) {
      if (option.name == unsaid_where_empty && option.text().empty()) continue;
      switch (option.shapes) {
        case core::Shapes::result: config.emplace_back(option.name, option.text()); break;
        case core::Shapes::by_file: config.emplace_back(option.name + "_sha256", digest_if_named(option.text())); break;
        case core::Shapes::inputs:
        case core::Shapes::nothing: break;
      }
    }
  std::ranges::sort(config);
  return config;
}

}  // namespace cardseg::run
