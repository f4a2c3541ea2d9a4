// A project: a run with its data in one file, which opens anywhere to the same state.
//
// A ZIP archive, its members stored: project.json {"format": "hourglass.project", "version": 1,
// "data": name, "data_hash": text, "has_data": bool} first, then model.safetensors (the
// checkpoint: settings, weights, moments, curves), and for people history.csv and, where there are
// curves, curves.svg. Data that everybody can have (Strokes, MNIST) are known by name and hash; a
// person's own are in it as data.safetensors (core/data/sources/dataset_file.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hourglass::session {

struct Project {
  std::vector<std::uint8_t> checkpoint;
  std::vector<std::uint8_t> samples;  // of a person's own data; empty where a name is enough
};

// Throws Error if the checkpoint is none.
std::vector<std::uint8_t> write_project(const Project& project);

// Whether a file that begins so is one: its first member is project.json.
bool is_project(std::span<const std::uint8_t> head);
inline constexpr std::size_t kProjectHeadBytes = 64;

// What is in it; checkpoint and samples are as they are found, and to be read with care. Throws
// Error if it is no project, damaged, or of a newer version. `name` is what messages call it.
Project read_project(std::vector<std::uint8_t> file, const std::string& name);

}  // namespace hourglass::session
