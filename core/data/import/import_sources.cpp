#include "core/data/import/import_sources.h"

#include "core/data/import/array_source.h"
#include "core/data/import/binary_source.h"
#include "core/data/import/document_source.h"
#include "core/data/import/idx_source.h"
#include "core/data/import/image_source.h"
#include "core/data/import/mat_source.h"
#include "core/data/import/projector_source.h"
#include "core/data/import/table_source.h"

namespace hourglass {

std::span<const ImportSource> import_sources() {
  static constexpr ImportSource kSources[] = {
      {takes_idx, import_idx},
      {takes_arrays, import_arrays},
      {takes_mat, import_mat},
      {takes_images, import_images},
      {takes_binary, import_binary},
      {takes_projector, import_projector},
      {takes_table_folder, import_tables},
      {takes_documents, import_documents},
      {takes_tables, import_tables},
  };
  return kSources;
}

}  // namespace hourglass
