// From what the user names (files, compressed ones, other encodings, standard input) to one CSV file that all ranks can
// read at any place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/convert/csv_converter.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_file.hpp"

namespace cardseg::convert {

/// Local. True where the input must be copied first: several files, standard input (`-`), gzip or zstd, another
/// encoding than UTF-8, fields between blanks or at fixed places. Looks at the first bytes of each file. Throws
/// core::Error: input_missing, permission, or bad_data where a file is no regular one or of a foreign format (zip,
/// Excel, Parquet, ...).
bool needs_copy(const ConvertOptions& options);

/// One file in UTF-8, put together from all inputs.
struct CopiedInput {
  std::vector<FilePart> parts;
  std::vector<SourceFile> sources;
};

/// Local. Decompresses, recodes, puts tabs between fields that have none and joins the inputs into the file `copy`, in
/// bounded memory; the header of every input but the first is left out and must name the same columns. Throws
/// core::Error.
CopiedInput copy_input(const ConvertOptions& options, const HeaderOptions& header, const std::filesystem::path& copy);

/// Collective over comm: what rank 0 has, on every rank.
CopiedInput from_root(const comm::Communicator& comm, const CopiedInput& copied);

/// `customers` for customers.csv, customers.csv.gz; `stdin` for standard input.
std::string stem_of(const std::filesystem::path& input);

}  // namespace cardseg::convert
