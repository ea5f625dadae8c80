#include "cardseg/report/html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "cardseg/report/numbers.hpp"
#include "report/page_style.hpp"
#include "report/xml.hpp"

namespace cardseg::report {
namespace {

constexpr std::size_t fewest_contents = 3;  // chapters
constexpr std::size_t wide_columns = 7;     // from here on the first column stays while the others scroll
constexpr std::size_t long_text = 40;       // bytes; a cell with more is prose and may break

// HTML's elements that have no end tag.
bool is_void(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"meta", "link", "br", "hr", "col"};
  return std::ranges::find(names, name) != names.end();
}

// <p></p>, not <p/>, which HTML takes for a start tag alone. Within svg both are the same.
void give_end_tags(pugi::xml_node element) {
  const std::string_view name = element.name();
  if (element.type() != pugi::node_element || name == "svg" || is_void(name)) return;
  if (!element.first_child()) element.append_child(pugi::node_pcdata);
  for (pugi::xml_node child : element.children()) give_end_tags(child);
}

bool is_number(const Column& column) { return column.format != Format::text; }

std::string percent(double share) { return coordinate(100 * std::clamp(share, 0.0, 1.0)) + "%"; }

double number_of(const Value& value) {
  if (const auto* count = std::get_if<std::int64_t>(&value)) return static_cast<double>(*count);
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && std::isfinite(*number) ? *number : 0.0;
}

std::string shade_class(double shade) {
  const auto strength = static_cast<int>(std::ceil(std::min(std::abs(shade), 1.0) * shades - 0.5));
  if (!(strength > 0)) return "";
  return (shade > 0 ? "above" : "below") + std::to_string(strength);
}

// Bars of a table are to be compared, also those of several columns: the longest takes all the room.
double longest_bar(const Table& table) {
  double longest = 0.0;
  for (const std::vector<Cell>& row : table.rows)
    for (std::size_t c = 0; c < row.size(); ++c)
      if (table.columns[c].format == Format::bar) longest = std::max(longest, number_of(row[c].value));
  return longest > 0 ? longest : 1.0;
}

struct CellPlace {
  std::size_t column = 0;
  double longest_bar = 1.0;
};

class HtmlWriter {
 public:
  explicit HtmlWriter(const Document& document) {
    page_.append_child(pugi::node_doctype).set_value("html");
    pugi::xml_node root = add_element(page_, "html");
    set_attribute(root, "lang", document.language);
    write_head(root, document);
    pugi::xml_node body = add_element(root, "body");
    pugi::xml_node skip = add_element(body, "a", "Skip to the content");
    set_attribute(skip, "class", "skip");
    set_attribute(skip, "href", "#content");
    pugi::xml_node page = add_element(body, "div");
    const bool has_contents = write_contents(page, document);
    set_attribute(page, "class", has_contents ? "page with-contents" : "page");
    pugi::xml_node content = add_element(page, "main");
    set_attribute(content, "id", "content");
    write(content, document.blocks);
    give_end_tags(root);
  }

  std::string text() const { return to_text(page_); }

 private:
  static void write_head(pugi::xml_node root, const Document& document) {
    pugi::xml_node head = add_element(root, "head");
    set_attribute(add_element(head, "meta"), "charset", "utf-8");
    pugi::xml_node viewport = add_element(head, "meta");
    set_attribute(viewport, "name", "viewport");
    set_attribute(viewport, "content", "width=device-width, initial-scale=1");
    add_element(head, "title", document.title);
    add_element(head, "style").append_child(pugi::node_pcdata).set_value(page_style);
  }

  static std::string chapter_id(int chapter) { return "chapter-" + std::to_string(chapter); }

  static bool write_contents(pugi::xml_node page, const Document& document) {
    std::vector<std::string> chapters;
    for (const Block& block : document.blocks)
      if (const auto* heading = std::get_if<Heading>(&block.content); heading != nullptr && heading->level == 2)
        chapters.push_back(heading->text);
    if (chapters.size() < fewest_contents) return false;
    pugi::xml_node contents = add_element(page, "nav");
    set_attribute(contents, "aria-label", "Contents");
    pugi::xml_node list = add_element(contents, "ul");
    for (std::size_t i = 0; i < chapters.size(); ++i)
      set_attribute(add_element(add_element(list, "li"), "a", chapters[i]), "href",
                    "#" + chapter_id(static_cast<int>(i) + 1));
    return true;
  }

  void write(pugi::xml_node parent, const std::vector<Block>& blocks) {
    for (const Block& block : blocks) std::visit([&](const auto& content) { write(parent, content); }, block.content);
  }

  void write(pugi::xml_node parent, const Heading& heading) {
    const char* name = heading.level == 1 ? "h1" : heading.level == 2 ? "h2" : "h3";
    pugi::xml_node element = add_element(parent, name, heading.text);
    if (heading.level == 2 && depth_ == 0) set_attribute(element, "id", chapter_id(++chapters_));
  }

  void write(pugi::xml_node parent, const Paragraph& paragraph) { add_element(parent, "p", paragraph.text); }

  void write(pugi::xml_node parent, const Note& note) {
    set_attribute(add_element(parent, "p", note.text), "class", "note");
  }

  void write(pugi::xml_node parent, const Facts& facts) {
    pugi::xml_node list = add_element(parent, "dl");
    for (const Facts::Fact& fact : facts.facts) {
      if (!fact.label.empty()) add_element(list, "dt", fact.label);
      add_element(list, "dd", fact.text);
    }
  }

  void write(pugi::xml_node parent, const Table& table) {
    pugi::xml_node element = add_table(parent, table.caption, table.columns.size() >= wide_columns ? "wide" : "");
    write_header(element, table.columns);
    const double longest = longest_bar(table);
    pugi::xml_node body = add_element(element, "tbody");
    for (const std::vector<Cell>& row : table.rows) {
      pugi::xml_node line = add_element(body, "tr");
      for (std::size_t c = 0; c < row.size(); ++c) write_cell(line, table.columns[c], row[c], {c, longest});
    }
  }

  // Scrolls by itself where it is too wide, also by keyboard, and is then told by its caption.
  pugi::xml_node add_table(pugi::xml_node parent, const std::string& caption, const std::string& css_class) {
    pugi::xml_node scroll = add_element(parent, "div");
    set_attribute(scroll, "class", "scroll");
    set_attribute(scroll, "tabindex", "0");
    set_attribute(scroll, "role", "region");
    pugi::xml_node table = add_element(scroll, "table");
    if (!css_class.empty()) set_attribute(table, "class", css_class);
    const std::string id = "table-" + std::to_string(++tables_);
    if (caption.empty())
      set_attribute(scroll, "aria-label", "Table " + std::to_string(tables_));
    else
      set_attribute(scroll, "aria-labelledby", id);
    if (!caption.empty()) set_attribute(add_element(table, "caption", caption), "id", id);
    return table;
  }

  static void write_header(pugi::xml_node table, const std::vector<Column>& columns) {
    pugi::xml_node line = add_element(add_element(table, "thead"), "tr");
    for (const Column& column : columns) {
      // An empty heading is no heading.
      pugi::xml_node heading = add_element(line, column.heading.empty() ? "td" : "th", column.heading);
      if (!column.heading.empty()) set_attribute(heading, "scope", "col");
      if (&column != columns.data() && is_number(column) && column.format != Format::bar)
        set_attribute(heading, "class", "n");
    }
  }

  static void write_cell(pugi::xml_node line, const Column& column, const Cell& cell, CellPlace place) {
    const bool is_first = place.column == 0;
    const std::string text = shown(column, cell.value);
    pugi::xml_node element = add_element(line, is_first ? "th" : "td");
    if (is_first) set_attribute(element, "scope", "row");
    std::string css_class = column.format == Format::bar ? "bar" : is_number(column) && !is_first ? "n" : "";
    if (!is_number(column)) css_class = is_first ? "text" : text.size() > long_text ? "prose" : "";
    const std::string shade = shade_class(cell.shade);
    if (!shade.empty()) css_class += (css_class.empty() ? "" : " ") + shade;
    if (!css_class.empty()) set_attribute(element, "class", css_class);
    if (column.format != Format::bar) return add_text(element, text);
    set_attribute(add_element(element, "span", text), "class", "figure");
    add_bar(element, 0.0, number_of(cell.value) / place.longest_bar);
  }

  // From one share of the track to another.
  static void add_bar(pugi::xml_node parent, double from, double to) {
    pugi::xml_node track = add_element(parent, "span");
    set_attribute(track, "class", "track");
    set_attribute(track, "aria-hidden", "true");
    std::string style = from > 0 ? "left:" + percent(from) + ";" : "";
    set_attribute(add_element(track, "span"), "style", style + "width:" + percent(to - from));
  }

  void write(pugi::xml_node parent, const Bars& bars) {
    pugi::xml_node table = add_table(parent, bars.title, "bars");
    write_header(table, {{""}, {""}, bars.of});
    double low = bars.origin;
    double high = bars.origin;
    for (const Bars::Bar& bar : bars.bars)
      if (std::isfinite(bar.value)) {
        low = std::min(low, bar.value);
        high = std::max(high, bar.value);
      }
    const double range = high > low ? high - low : 1.0;
    pugi::xml_node body = add_element(table, "tbody");
    for (const Bars::Bar& bar : bars.bars) {
      const double value = std::isfinite(bar.value) ? bar.value : bars.origin;
      pugi::xml_node line = add_element(body, "tr");
      set_attribute(add_element(line, "th", bar.label), "scope", "row");
      add_bar(add_element(line, "td"), (std::min(value, bars.origin) - low) / range,
              (std::max(value, bars.origin) - low) / range);
      set_attribute(add_element(line, "td", shown(bars.of, bar.value)), "class", "n");
    }
  }

  void write(pugi::xml_node parent, const Picture& picture) {
    pugi::xml_node figure = add_element(parent, "figure");
    pugi::xml_node drawing =
        add_svg(figure, picture.drawing, picture.title, picture.description, "picture-" + std::to_string(++pictures_));
    drawing.remove_attribute("xmlns");  // HTML knows what an svg is
    add_element(figure, "figcaption", picture.title);
  }

  void write(pugi::xml_node parent, const Details& details) {
    pugi::xml_node element = add_element(parent, "details");
    add_element(element, "summary", details.summary);
    ++depth_;
    write(element, details.blocks);
    --depth_;
  }

  pugi::xml_document page_;
  int depth_ = 0;  // of details within details
  int chapters_ = 0;
  int tables_ = 0;
  int pictures_ = 0;
};

}  // namespace

std::string html(const Document& document) { return HtmlWriter(document).text(); }

}  // namespace cardseg::report
