// The controls that panels are made of. Each draws into a rectangle that it is given and registers
// itself under its id.
#pragma once

#include "ui/kit/button.h"
#include "ui/kit/card.h"
#include "ui/kit/choice.h"
#include "ui/kit/field.h"
#include "ui/kit/finger.h"
#include "ui/kit/help.h"
#include "ui/kit/item.h"
#include "ui/kit/slider.h"
#include "ui/kit/text.h"
