#include "convert/csv_bad_row_listing.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::convert {
namespace {

constexpr int text_tag = 31;

std::string listing(const CsvFile& file, const std::vector<BadRow>& rows, std::size_t count,
                    const std::vector<std::string>& column_names) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += listed(rows[i], file, column_names) + "\n";
  return text;
}

// The texts of all ranks joined, on rank 0; empty elsewhere.
std::string gather(const comm::Communicator& comm, const std::string& local_text) {
  const std::vector<std::int64_t> sizes = comm.allgather(std::ssize(local_text));
  if (!comm.is_root()) {
    if (!local_text.empty()) comm.send(std::as_bytes(std::span(local_text)), 0, text_tag);
    return "";
  }
  std::string text = local_text;
  for (int rank = 1; rank < comm.size(); ++rank) {
    std::string part(static_cast<std::size_t>(sizes[static_cast<std::size_t>(rank)]), '\0');
    if (!part.empty()) comm.receive(std::as_writable_bytes(std::span(part)), rank, text_tag);
    text += part;
  }
  return text;
}

}  // namespace

void write_bad_rows(const comm::Communicator& comm, const CsvFile& file, const BadRowList& local_rows,
                    const std::vector<std::string>& column_names, const std::filesystem::path& path) {
  const std::vector<std::int64_t> counts = comm.allgather(local_rows.count());
  const auto before = std::accumulate(counts.begin(), counts.begin() + comm.rank(), std::int64_t{0});
  const auto global = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const auto most = static_cast<std::int64_t>(BadRowList::max_listed);
  const std::int64_t listed = std::clamp<std::int64_t>(most - before, 0, std::ssize(local_rows.first_rows()));
  std::string text =
      gather(comm, listing(file, local_rows.first_rows(), static_cast<std::size_t>(listed), column_names));
  if (global > most) text += "and " + std::to_string(global - most) + " more\n";
  comm::agree(comm, [&] {
    if (comm.is_root()) io::write_file(path, "place\tcolumn\treason\tid\n" + text);
  });
}

}  // namespace cardseg::convert
