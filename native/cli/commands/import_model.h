// `hourglass import`: a dense network of another program as a model of ours.
#pragma once

#include "native/cli/console/command_line.h"

namespace hourglass {

void add_import_command(CommandLine& line);

}  // namespace hourglass
