// Which column of a table of documents holds the texts, and which their labels.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// What a person says instead of a guess: the settings data.label and data.header.
struct DocumentWish {
  std::string label = "auto";  // "auto", "none", "first", "last", a column's title or number
  std::optional<bool> header;  // whether the first line has titles
};

struct DocumentColumns {
  std::size_t count = 0, text = 0;
  std::optional<std::size_t> label;
  bool has_header = false;
  std::vector<std::string> keys;   // titles, or numbers from 1: what data.label may be
  std::vector<std::string> notes;  // whole sentences: what was guessed
};

// Told from the first records of a table (at least one, of the first's number of fields). Titles
// say it: text, document, body, content; label, topic, class, category; and others that people
// have, such as review and sentiment. Without them the text is what has by far the most words, and
// the label a column whose few words come again; of two columns the last and the other. The first
// line is titles if one of them says so, or if it has single words above texts that none of them
// comes again below. `name` is what messages call the table. Throws Error if none of more than two
// columns is a text, or if there is no column that the wish names.
DocumentColumns columns_of_documents(const std::vector<std::vector<std::string_view>>& records,
                                     const DocumentWish& wish, const std::string& name);

// Whether a column of this title holds texts: text, document, body or content.
bool is_text_column(std::string_view title);
// Whether it holds labels: label, topic, class or category.
bool is_label_column(std::string_view title);

}  // namespace hourglass
