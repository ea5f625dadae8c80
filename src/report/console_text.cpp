#include "cardseg/report/console_text.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr std::size_t label_width = 9;
constexpr int bar_width = 40;

// Places on a terminal where each character has one: code points.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string padding(const std::string& text, std::size_t to) {
  return std::string(to - std::min(to, width(text)), ' ');
}

std::string without_last_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

class ConsoleWriter {
 public:
  void write(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) std::visit([this](const auto& content) { write(content); }, block.content);
  }

  std::string text() const { return text_; }

 private:
  void line(const std::string& text) { text_ += (text_.empty() ? "" : "\n") + without_last_blanks(text); }

  void write(const Heading& heading) { line(readable(heading.text)); }
  void write(const Paragraph& paragraph) { line(readable(paragraph.text)); }
  void write(const Note& note) { line(readable(note.text)); }

  void write(const Facts& facts) {
    for (const Facts::Fact& fact : facts.facts) {
      const std::string label = readable(fact.label);
      line(label + padding(label, label_width - 1) + " " + readable(fact.text));
    }
  }

  void write(const Table& table) {
    if (!table.caption.empty()) line(readable(table.caption));
    std::vector<std::vector<std::string>> texts(1);
    for (const Column& column : table.columns) texts.front().push_back(readable(column.heading));
    for (const std::vector<Cell>& row : table.rows) {
      texts.emplace_back();
      for (std::size_t c = 0; c < row.size(); ++c) texts.back().push_back(shown(table.columns[c], row[c].value));
    }
    write_aligned(table.columns, texts);
  }

  void write(const Lights& lights) {
    if (!lights.title.empty()) line(readable(lights.title));
    for (const Lights::Item& item : lights.items)
      line(readable(item.label + ": " + item.verdict.word + ": " + item.reason));
  }

  void write(const Cards& cards) { write(table_of(cards)); }
  void write(const Strips& strips) { write(table_of(strips)); }

  // Two blanks before each column, texts to the left, numbers to the right.
  void write_aligned(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& texts) {
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const std::vector<std::string>& row : texts)
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
    for (const std::vector<std::string>& row : texts) {
      std::string whole;
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string blanks = padding(row[c], widths[c]);
        whole += "  " + (columns[c].format == Format::text ? row[c] + blanks : blanks + row[c]);
      }
      line(whole);
    }
  }

  void write(const Bars& bars) {
    Table table = table_of(bars);
    double longest = 0.0;
    for (const Bars::Bar& bar : bars.bars)
      if (std::isfinite(bar.value)) longest = std::max(longest, std::abs(bar.value - bars.origin));
    table.columns.push_back({""});
    for (std::size_t i = 0; i < bars.bars.size(); ++i) {
      const double length = longest > 0 ? (bars.bars[i].value - bars.origin) / longest : 0.0;
      const int marks = std::isfinite(length) ? static_cast<int>(std::lround(std::abs(length) * bar_width)) : 0;
      table.rows[i].emplace_back(std::string(static_cast<std::size_t>(marks), length < 0 ? '-' : '#'));
    }
    write(table);
  }

  void write(const Picture& picture) { line(readable(picture.title + ": " + picture.description)); }

  void write(const Details& details) {
    line(readable(details.summary));
    write(details.blocks);
  }

  std::string text_;
};

}  // namespace

std::string console_text(const Document& document) {
  ConsoleWriter writer;
  writer.write(document.blocks);
  return writer.text();
}

}  // namespace cardseg::report
