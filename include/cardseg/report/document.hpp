// What a report says, apart from how it looks: blocks that hold values. html.hpp, console_text.hpp and csv.hpp render
// them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
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
  count,       ///< a whole number with thousands separators
  number,      ///< `digits` significant digits (shown_number)
  fixed,       ///< `digits` decimals
  share,       ///< 0 to 1 as per cent, with `digits` decimals or those of shown_share
  bar,         ///< a share, in HTML with a bar beside it
  factor,      ///< a ratio, "4.1 x" (shown_factor)
  factor_bar,  ///< the same, in HTML with a bar from 1 x to the left or the right, on a scale of logarithms
  deviation    ///< standard deviations, "+1.3 sd" (shown_deviation)
};

/// Of a share or a bar: as many decimals as shown_share finds fit.
constexpr int fitting_decimals = -1;

struct Column {
  std::string heading;  ///< for people
  Format format = Format::text;
  int digits = 3;
  std::string key = {};  ///< heading in CSV; empty: `heading`
  int mark = 0;          ///< a segment, whose number in its colour stands before the heading; 0: none
};

struct Cell {
  Value value;
  double shade = 0.0;  ///< -1 (far below what is usual) to 1 (far above); 0: no colour
  int mark = 0;        ///< as Column::mark

  Cell() = default;
  /// Anything that a Value can be made of.
  template <class T>
  requires std::is_constructible_v<Value, T> Cell(T&& from, double shade_of = 0.0, int mark_of = 0)
      : value(std::forward<T>(from)), shade(shade_of), mark(mark_of) {}
};

/// 1 (the title), 2 (a chapter: listed in the contents) or 3 (listed under its chapter where it has an id).
struct Heading {
  int level = 2;
  std::string text;
  std::string id = {};  ///< what links lead to; letters, digits and hyphens
  int mark = 0;         ///< as Column::mark; on paper a new page begins
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
  /// Rows that belong together.
  struct Group {
    std::size_t first_row = 0;
    std::string heading;
  };
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<Group> groups = {};  ///< in order; none: the rows are one
  std::string source = {};         ///< the file that has the figures in full; empty: none is named
};

/// How far a thing can be trusted; never told by colour alone.
enum class Light { good, fair, poor };

struct Verdict {
  Light light = Light::good;
  std::string word;  ///< "solid"
};

/// Verdicts with their reasons.
struct Lights {
  struct Item {
    Verdict verdict;
    std::string label;
    std::string reason;
  };
  std::string title;
  std::vector<Item> items;
};

/// Segments at a glance, side by side where there is room.
struct Cards {
  /// A share as a thin bar; those of all cards are to be compared.
  struct Meter {
    std::string label;
    double share = 0.0;
    std::string text;  ///< the share for people
  };
  struct Card {
    int mark = 0;  ///< as Column::mark
    std::string title;
    std::string link;  ///< Heading::id; empty: none
    std::vector<Meter> meters;
    std::vector<std::string> lines;
    std::optional<Verdict> verdict = {};
    std::string reason = {};  ///< of the verdict
  };
  std::string title;
  std::vector<Card> cards;
};

/// Bars side by side, to compare. They begin at `origin`; a value below it goes to the left.
struct Bars {
  enum class Scale { linear, logarithmic };
  struct Bar {
    std::string label;
    double value = 0.0;
    std::string note = {};  ///< what stands behind the value
  };
  std::string title;
  Column of;  ///< heading, format and key of the values
  std::vector<Bar> bars;
  double origin = 0.0;
  Scale scale = Scale::linear;
  double low = 0.0;         ///< where bars end to the left and
  double high = 0.0;        ///< to the right; not above `low`: where the values do
  std::string notes = {};   ///< heading of the notes; empty: there are none
  std::string source = {};  ///< as Table::source
};

/// Distributions of a group of customers over those of everybody, a line each, to the left the lowest values.
struct Strips {
  /// Quantiles: 5, 25, 50, 75 and 95 %.
  using Quantiles = std::array<double, 5>;
  struct Strip {
    std::string label;
    int mark = 0;        ///< as Column::mark
    Quantiles own = {};  ///< NaN: no strip
    Quantiles all = {};  ///< likewise
    double zeros = 0.0;  ///< share of zeros in the group, marked with a dot where it is above 0
    double low = 0.0;    ///< the value at the left end and
    double high = 0.0;   ///< at the right end
    std::string low_text = {};
    std::string high_text = {};
    std::string own_median = {};  ///< texts of a column each
    std::string all_median = {};
    std::string zero_share = {};
  };
  std::string title;
  std::string own;  ///< who the group is: "Segment 3"
  std::string all;  ///< "all customers"
  std::vector<Strip> strips;
  std::string source = {};  ///< as Table::source
};

struct Picture {
  std::string title;
  std::string description;  ///< what it shows, for those who cannot see it
  Svg drawing;
  std::string source = {};  ///< as Table::source
};

struct Block;

/// Folded away until a reader opens it.
struct Details {
  std::string summary;
  std::vector<Block> blocks;
};

/// The closed list of what a document is made of.
struct Block {
  std::variant<Heading, Paragraph, Note, Facts, Table, Lights, Cards, Bars, Strips, Picture, Details> content;
};

struct Document {
  std::string title;
  std::string language = "en";
  std::vector<Block> blocks;

  template <class T>
  void add(T block) {
    blocks.push_back({std::move(block)});
  }
  /// What another document says, behind what this one does: a chapter.
  void append(Document chapter);
};

/// Pure. Bars as the table behind them: label and value.
Table table_of(const Bars& bars);
/// Pure. Cards as a table: a row each with its shares, lines and verdict.
Table table_of(const Cards& cards);
/// Pure. Strips as a table: a row each with its quantiles.
Table table_of(const Strips& strips);

}  // namespace cardseg::report
