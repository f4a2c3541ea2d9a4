#include "core/math/conv/conv_plan.h"

#include "core/math/conv/direct_conv.h"
#include "core/math/conv/im2col_conv.h"
#include "core/math/conv/upsample_conv.h"

namespace hourglass {

bool ConvPlan::can_fuse_upsampling(const ConvGeometry& geometry) {
  return UpsampleConv::can(geometry);
}

ConvPlan::ConvPlan(const ConvGeometry& geometry, Index channels, bool input_is_upsampled)
    : geometry_(geometry),
      channels_(channels),
      is_fused_(input_is_upsampled && UpsampleConv::can(geometry)) {
  if (is_fused_) {
    strategy_ = std::make_unique<UpsampleConv>(geometry, channels);
  } else if (DirectConv::can(geometry)) {
    strategy_ = std::make_unique<DirectConv>(geometry, channels);
  } else {
    strategy_ = std::make_unique<Im2colConv>(geometry, channels);
  }
}

}  // namespace hourglass
