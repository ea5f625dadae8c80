// What a report says, apart from how it looks: blocks that hold values. html.hpp, console_text.hpp and csv.hpp render
// them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cardseg/io/csv_table.hpp"
#include "cardseg/report/svg.hpp"

namespace cardseg::report {

/// What a cell holds; nothing and NaN are both "not there".
using Value = io::CsvValue;

/// How a column's values look to people. CSV always has them in full.
enum class Format {
  text,
  count,   ///< a whole number with thousands separators
  number,  ///< `digits` significant digits (shown_number)
  fixed,   ///< `digits` decimals
  share,   ///< 0 to 1 as per cent, with `digits` decimals or those of shown_share
  bar      ///< a share, in HTML with a bar beside it
};

/// Of a share or a bar: as many decimals as shown_share finds fit.
constexpr int fitting_decimals = -1;

struct Column {
  std::string heading;  ///< for people
  Format format = Format::text;
  int digits = 3;
  std::string key = {};  ///< heading in CSV; empty: `heading`
};

struct Cell {
  Value value;
  double shade = 0.0;  ///< -1 (far below what is usual) to 1 (far above); 0: no colour

  Cell() = default;
  /// Anything that a Value can be made of.
  template <class T>
  requires std::is_constructible_v<Value, T> Cell(T&& from, double shade_of = 0.0)
      : value(std::forward<T>(from)), shade(shade_of) {}
};

/// 1 (the title), 2 (a chapter: listed in the contents) or 3.
struct Heading {
  int level = 2;
  std::string text;
};

struct Paragraph {
  std::string text;
};

/// Small print: how to read what stands above it.
struct Note {
  std::string text;
};

/// Short labels with a line of text each. An empty label: a further line of the one before.
struct Facts {
  struct Fact {
    std::string label;
    std::string text;
  };
  std::vector<Fact> facts;
};

/// The first column names its row. Every row has as many cells as there are columns.
struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

/// Bars side by side, to compare. They begin at `origin`; a value below it goes to the left.
struct Bars {
  struct Bar {
    std::string label;
    double value = 0.0;
  };
  std::string title;
  Column of;  ///< heading, format and key of the values
  std::vector<Bar> bars;
  double origin = 0.0;
};

struct Picture {
  std::string title;
  std::string description;  ///< what it shows, for those who cannot see it
  Svg drawing;
};

struct Block;

/// Folded away until a reader opens it.
struct Details {
  std::string summary;
  std::vector<Block> blocks;
};

/// The closed list of what a document is made of.
struct Block {
  std::variant<Heading, Paragraph, Note, Facts, Table, Bars, Picture, Details> content;
};

struct Document {
  std::string title;
  std::string language = "en";
  std::vector<Block> blocks;

  template <class T>
  void add(T block) {
    blocks.push_back({std::move(block)});
  }
};

/// Pure. Bars as the table behind them: label and value.
Table table_of(const Bars& bars);

}  // namespace cardseg::report
