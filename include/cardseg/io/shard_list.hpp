// Which files the words of a command line mean as shards.
#pragma once

#include <filesystem>
#include <vector>

namespace cardseg::io {

/// Local. Files and those (*.h5, *.hdf5) of directories, in the order of their file names, which is that of rows.
/// Symbolic links are followed, whether named or found in a directory; what they lead to is checked when it is opened.
/// Throws core::Error: input_missing, permission, io, bad_data where two names are alike or lead to one file.
std::vector<std::filesystem::path> list_shards(const std::vector<std::filesystem::path>& inputs);

/// Local. Throws core::Error(permission) where an input, or a shard in a directory, is a symbolic link; else as
/// list_shards.
void refuse_links(const std::vector<std::filesystem::path>& inputs);

}  // namespace cardseg::io
