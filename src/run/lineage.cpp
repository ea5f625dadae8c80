#include "cardseg/run/lineage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::run {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

// What jobs write beside their shards.
struct RecordKind {
  const char* name;
  const char* format;
  const char* job;
};
constexpr RecordKind kinds[] = {{"conversion.json", "cardseg-conversion", "convert"},
                                {"rfm.json", "cardseg-rfm", "rfm"}};

// The shards of one directory that a run reads.
struct Folder {
  fs::path path;
  std::set<std::string> shards;
  std::int64_t rows = 0;
};

std::vector<Folder> folders_of(const io::ShardSet& shards) {
  std::vector<Folder> folders;
  std::map<fs::path, std::size_t> known;
  for (const io::PlacedShard& shard : shards.shards()) {
    const fs::path path = shard.header.path.parent_path();
    const auto [place, is_new] = known.emplace(path, folders.size());
    if (is_new) folders.push_back({path, {}, 0});
    Folder& folder = folders[place->second];
    folder.shards.insert(shard.header.path.filename().string());
    folder.rows += shard.header.rows;
  }
  return folders;
}

Conversion conversion_from(const json& record) {
  Conversion conversion;
  for (const json& source : record.at("sources"))
    conversion.sources.push_back({source.at("file"), source.at("bytes"), source.at("sha256")});
  if (record.contains("transactions")) {  // of rfm
    const json& transactions = record.at("transactions");
    conversion.rows_read = transactions.at("read").at("rows");
    conversion.rows_written = record.at("customers");
    conversion.rows_rejected = transactions.at("rejected").at("rows");
    conversion.as_of = record.at("period").value("last", "");
  } else {
    const json& rows = record.at("rows");
    conversion.rows_read = rows.at("read");
    conversion.rows_written = rows.at("written");
    conversion.rows_rejected = rows.at("rejected");
  }
  for (const json& column : record.at("columns")) {
    const json sum = column.value("sum", json());
    conversion.columns.push_back({column.at("name"), column.at("count"), column.at("missing"),
                                  sum.is_string() ? sum.get<std::string>() : std::string()});
  }
  return conversion;
}

void add(const Folder& folder, const RecordKind& kind, Lineage& lineage) {
  const fs::path path = folder.path / kind.name;
  const std::string is_none = fmt::format("is no record of {}", kind.job);
  const auto leave_out = [&](const std::string& why) {
    lineage.warnings.push_back(fmt::format("{} {}: the manifest does not carry it", path.string(), why));
  };
  std::error_code unreachable;
  if (!fs::is_regular_file(path, unreachable)) return;
  try {
    const std::string text = io::read_file(path);
    const auto record = core::parse_json<json>(text);
    if (record.at("format") != kind.format) return leave_out(is_none);
    Conversion conversion = conversion_from(record);
    if (record.at("shards").get<std::set<std::string>>() != folder.shards || conversion.rows_written != folder.rows)
      return leave_out("is not of these shards, or not of all of them");
    conversion.record = kind.name;
    conversion.sha256 = core::sha256_hex(text);
    lineage.conversions.push_back(std::move(conversion));
  } catch (const core::Error& error) {
    leave_out(error.reason());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    leave_out(is_none);
  }
}

}  // namespace

Lineage lineage_of(const io::ShardSet& shards) {
  Lineage lineage;
  for (const Folder& folder : folders_of(shards))
    for (const RecordKind& kind : kinds) add(folder, kind, lineage);
  return lineage;
}

std::string as_of(const Lineage& lineage) {
  std::string latest;
  for (const Conversion& conversion : lineage.conversions) latest = std::max(latest, conversion.as_of);
  return latest;
}

}  // namespace cardseg::run
