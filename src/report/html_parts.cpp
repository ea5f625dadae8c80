#include "report/html_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/report/numbers.hpp"
#include "report/xml.hpp"

namespace cardseg::report {
namespace {

constexpr int hues = 8;  // of segments; further ones have them again, with another edge
constexpr double strip_width = 200;
constexpr double strip_height = 24;

const char* class_of(Light light) {
  switch (light) {
    case Light::good: return "good";
    case Light::fair: return "fair";
    case Light::poor: return "poor";
  }
  return "";
}

const char* symbol_of(Light light) {
  switch (light) {
    case Light::good: return "\u2713";  // a check mark
    case Light::fair: return "~";
    case Light::poor: return "\u2715";  // a cross
  }
  return "";
}

void add_verdict(pugi::xml_node parent, const Verdict& verdict) {
  pugi::xml_node element = add_element(parent, "span");
  set_attribute(element, "class", std::string("verdict ") + class_of(verdict.light));
  set_attribute(add_element(element, "span", symbol_of(verdict.light)), "aria-hidden", "true");
  add_element(element, "strong", verdict.word);
}

void add_meter(pugi::xml_node list, const Cards::Meter& meter, double longest) {
  add_element(list, "dt", meter.label);
  pugi::xml_node value = add_element(list, "dd");
  add_bar(value, 0.0, std::isfinite(meter.share) ? meter.share / longest : 0.0);
  set_attribute(add_element(value, "span", meter.text), "class", "figure");
}

void add_card(pugi::xml_node list, const Cards::Card& card, double longest) {
  pugi::xml_node item = add_element(list, "li");
  set_attribute(item, "class", "card");
  pugi::xml_node title = add_element(item, "p");
  set_attribute(title, "class", "title");
  add_mark(title, card.mark);
  pugi::xml_node name = add_element(title, card.link.empty() ? "strong" : "a", card.title);
  if (!card.link.empty()) set_attribute(name, "href", "#" + card.link);
  pugi::xml_node meters = add_element(item, "dl");
  set_attribute(meters, "class", "meters");
  for (const Cards::Meter& meter : card.meters) add_meter(meters, meter, longest);
  if (!card.lines.empty()) {
    pugi::xml_node lines = add_element(item, "ul");
    for (const std::string& line : card.lines) add_element(lines, "li", line);
  }
  if (!card.verdict) return;
  pugi::xml_node verdict = add_element(item, "p");
  set_attribute(verdict, "class", "why");
  add_verdict(verdict, *card.verdict);
  if (!card.reason.empty()) add_text(verdict, " " + card.reason);
}

bool is_whole(const Strips::Quantiles& quantiles) {
  return std::ranges::all_of(quantiles, [](double value) { return std::isfinite(value); });
}

// Where values of a strip are in its drawing.
struct StripScale {
  double low = 0.0;
  double high = 1.0;

  double x(double value) const {
    const double share = high > low ? (value - low) / (high - low) : 0.5;
    return strip_width * std::clamp(share, 0.0, 1.0);
  }
};

SvgShape box(const char* css_class, const StripScale& scale, double from, double to, double height) {
  return svg_rectangle(css_class, {scale.x(from), (strip_height - height) / 2},
                       std::max(1.0, scale.x(to) - scale.x(from)), height);
}

SvgShape mark(const char* css_class, const StripScale& scale, double value, double height) {
  const double x = scale.x(value);
  return svg_line(css_class, {x, (strip_height - height) / 2}, {x, (strip_height + height) / 2});
}

std::string in_words(const Strips::Strip& strip) {
  if (!is_whole(strip.own)) return "not shown";
  return fmt::format("{}: half of the customers lie between {} and {}, nine of ten between {} and {}", strip.label,
                     shown_number(strip.own[1]), shown_number(strip.own[3]), shown_number(strip.own[0]),
                     shown_number(strip.own[4]));
}

}  // namespace

std::string percent(double share) { return coordinate(100 * std::clamp(share, 0.0, 1.0)) + "%"; }

void add_mark(pugi::xml_node parent, int mark) {
  if (mark <= 0) return;
  pugi::xml_node element = add_element(parent, "span", std::to_string(mark));
  set_attribute(element, "class", fmt::format("mark hue{}{}", (mark - 1) % hues + 1, mark > hues ? " again" : ""));
}

void add_bar(pugi::xml_node parent, double from, double to) {
  pugi::xml_node track = add_element(parent, "span");
  set_attribute(track, "class", "track");
  set_attribute(track, "aria-hidden", "true");
  const std::string left = from > 0 ? "left:" + percent(from) + ";" : "";
  set_attribute(add_element(track, "span"), "style", left + "width:" + percent(to - from));
}

void add_lights(pugi::xml_node parent, const Lights& lights) {
  pugi::xml_node list = add_element(parent, "ul");
  set_attribute(list, "class", "lights");
  if (!lights.title.empty()) set_attribute(list, "aria-label", lights.title);
  for (const Lights::Item& item : lights.items) {
    pugi::xml_node line = add_element(list, "li");
    set_attribute(line, "class", class_of(item.verdict.light));
    pugi::xml_node head = add_element(line, "p");
    add_element(head, "span", item.label);
    add_verdict(head, item.verdict);
    add_element(line, "p", item.reason);
  }
}

void add_cards(pugi::xml_node parent, const Cards& cards) {
  double longest = 0.0;
  for (const Cards::Card& card : cards.cards)
    for (const Cards::Meter& meter : card.meters)
      if (std::isfinite(meter.share)) longest = std::max(longest, meter.share);
  pugi::xml_node list = add_element(parent, "ul");
  set_attribute(list, "class", "cards");
  if (!cards.title.empty()) set_attribute(list, "aria-label", cards.title);
  for (const Cards::Card& card : cards.cards) add_card(list, card, longest > 0 ? longest : 1.0);
}

void add_strip(pugi::xml_node parent, const Strips::Strip& strip) {
  const StripScale scale{strip.low, strip.high};
  pugi::xml_node drawing = add_element(parent, "svg");
  set_attribute(drawing, "class", "strip");
  set_attribute(drawing, "viewBox", "0 0 " + coordinate(strip_width) + " " + coordinate(strip_height));
  set_attribute(drawing, "preserveAspectRatio", "none");
  set_attribute(drawing, "role", "img");
  set_attribute(drawing, "aria-label", in_words(strip));
  std::vector<SvgShape> shapes;
  if (is_whole(strip.all)) {
    shapes.push_back(box("a1", scale, strip.all[0], strip.all[4], strip_height));
    shapes.push_back(box("a2", scale, strip.all[1], strip.all[3], strip_height));
    shapes.push_back(mark("a3", scale, strip.all[2], strip_height));
  }
  if (is_whole(strip.own)) {
    shapes.push_back(box("o1", scale, strip.own[0], strip.own[4], 3));
    shapes.push_back(box("o2", scale, strip.own[1], strip.own[3], 10));
    shapes.push_back(mark("o3", scale, strip.own[2], 16));
    if (strip.zeros > 0) shapes.push_back(mark("o4", scale, 0.0, 0));
  }
  add_shapes(drawing, shapes);
}

}  // namespace cardseg::report
