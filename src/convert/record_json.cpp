#include "cardseg/convert/record_json.hpp"

#include <nlohmann/json.hpp>

namespace cardseg::convert {

void to_json(nlohmann::ordered_json& json, const SourceFile& source) {
  json = {{"file", source.name},
          {"bytes", source.bytes},
          {"sha256", source.sha256},
          {"compression", source.compression},
          {"encoding", source.encoding}};
}

void to_json(nlohmann::ordered_json& json, const ReasonCount& reason) {
  json = {{"reason", reason.reason}, {"rows", reason.rows}};
}

}  // namespace cardseg::convert
