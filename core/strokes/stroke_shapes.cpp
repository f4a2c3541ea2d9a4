#include "core/strokes/stroke_shapes.h"

#include <array>
#include <cassert>

namespace hourglass {
namespace {

constexpr bool kCorner = true;

// Naming: kDigit<label><variant><path>. Points are listed in the order in which a pen visits them.

// 0: round, meeting its start; open at the top with a tail crossing inwards; begun on the right.
constexpr StrokeKnot kDigit0A0[] = {{.36f, .02f, .46f, .07f}, {.14f, .14f, .18f, .10f},
                                    {.03f, .42f, .00f, .40f}, {.08f, .78f, .03f, .76f},
                                    {.30f, .98f, .30f, .96f}, {.54f, .86f, .62f, .86f},
                                    {.64f, .50f, .76f, .54f}, {.56f, .16f, .70f, .20f},
                                    {.38f, .02f, .50f, .05f}, {.28f, .05f, .38f, .04f}};
constexpr StrokeKnot kDigit0B0[] = {{.52f, .12f, .44f, .00f}, {.32f, .02f, .26f, .10f},
                                    {.10f, .24f, .06f, .34f}, {.02f, .58f, .00f, .66f},
                                    {.14f, .92f, .14f, .94f}, {.40f, .97f, .38f, .96f},
                                    {.62f, .72f, .56f, .74f}, {.66f, .38f, .62f, .42f},
                                    {.48f, .10f, .52f, .14f}, {.28f, .13f, .36f, .06f}};

// 1: a plain stroke; with a flag; with a flag and a foot.
constexpr StrokeKnot kDigit1A0[] = {{.00f, .00f, .05f, .00f},
                                    {.00f, .34f, .00f, .32f},
                                    {.00f, .67f, -.03f, .66f},
                                    {.00f, 1.0f, .01f, 1.0f}};
constexpr StrokeKnot kDigit1B0[] = {{-.16f, .18f, -.26f, .30f},        {-.07f, .11f, -.10f, .17f},
                                    {.03f, .00f, .04f, .00f, kCorner}, {.02f, .34f, .02f, .36f},
                                    {.01f, .67f, .00f, .68f},          {.00f, 1.0f, -.01f, 1.0f}};
constexpr StrokeKnot kDigit1C0[] = {{-.18f, .20f, -.24f, .24f},        {-.08f, .13f, -.10f, .13f},
                                    {.03f, .00f, .03f, .00f, kCorner}, {.02f, .33f, .02f, .34f},
                                    {.01f, .66f, .01f, .66f},          {.00f, .98f, .00f, .97f}};
constexpr StrokeKnot kDigit1C1[] = {
    {-.22f, .99f, -.32f, .98f}, {.02f, .98f, .00f, .98f}, {.24f, .97f, .34f, .96f}};

// 2: a pointed foot; a loop at the foot; a wave as its foot.
constexpr StrokeKnot kDigit2A0[] = {{.05f, .20f, .02f, .14f}, {.18f, .05f, .18f, .02f},
                                    {.40f, .00f, .44f, .02f}, {.56f, .14f, .60f, .18f},
                                    {.54f, .36f, .54f, .42f}, {.36f, .62f, .34f, .66f},
                                    {.16f, .82f, .14f, .84f}, {.00f, .97f, -.02f, .96f, kCorner},
                                    {.22f, .96f, .24f, .95f}, {.45f, .97f, .48f, .96f},
                                    {.66f, .97f, .74f, .94f}};
constexpr StrokeKnot kDigit2B0[] = {
    {.06f, .22f, .02f, .16f}, {.22f, .03f, .22f, .02f},   {.46f, .04f, .48f, .04f},
    {.56f, .22f, .58f, .22f}, {.46f, .50f, .50f, .46f},   {.28f, .78f, .30f, .74f},
    {.10f, .94f, .08f, .94f}, {-.01f, .88f, -.06f, .84f}, {.10f, .78f, .06f, .70f},
    {.30f, .86f, .28f, .80f}, {.48f, .97f, .50f, .94f},   {.70f, .90f, .76f, .92f}};
constexpr StrokeKnot kDigit2C0[] = {{.06f, .14f, .00f, .22f},          {.26f, .01f, .20f, .04f},
                                    {.50f, .06f, .46f, .04f},          {.56f, .26f, .56f, .22f},
                                    {.40f, .54f, .42f, .50f},          {.18f, .78f, .20f, .72f},
                                    {.00f, .96f, .00f, .92f, kCorner}, {.18f, .86f, .20f, .88f},
                                    {.42f, .94f, .40f, .98f},          {.68f, .90f, .66f, .99f}};

// 3: a pointed waist; a small loop as its waist; a flat top.
constexpr StrokeKnot kDigit3A0[] = {
    {.06f, .12f, .02f, .08f}, {.26f, .00f, .24f, .00f}, {.47f, .08f, .50f, .10f},
    {.46f, .28f, .48f, .30f}, {.30f, .42f, .30f, .43f}, {.18f, .46f, .12f, .47f, kCorner},
    {.40f, .50f, .40f, .52f}, {.56f, .68f, .58f, .72f}, {.46f, .90f, .44f, .93f},
    {.20f, 1.0f, .20f, 1.0f}, {.00f, .90f, -.04f, .94f}};
constexpr StrokeKnot kDigit3B0[] = {
    {.04f, .16f, .06f, .06f}, {.24f, .00f, .28f, .00f}, {.46f, .10f, .50f, .12f},
    {.42f, .32f, .44f, .32f}, {.24f, .46f, .26f, .46f}, {.14f, .47f, .12f, .50f},
    {.20f, .41f, .18f, .42f}, {.42f, .50f, .42f, .48f}, {.56f, .70f, .60f, .66f},
    {.44f, .94f, .46f, .90f}, {.18f, 1.0f, .18f, 1.0f}, {.00f, .90f, -.04f, .90f}};
constexpr StrokeKnot kDigit3C0[] = {{.04f, .03f, .02f, .06f},          {.28f, .02f, .30f, .03f},
                                    {.54f, .02f, .58f, .00f, kCorner}, {.38f, .20f, .44f, .20f},
                                    {.24f, .40f, .26f, .40f, kCorner}, {.46f, .44f, .46f, .46f},
                                    {.58f, .66f, .58f, .68f},          {.46f, .92f, .44f, .92f},
                                    {.20f, 1.0f, .20f, 1.0f},          {.00f, .90f, -.02f, .94f}};

// 4: open, in two strokes; closed, in two strokes; open, without lifting the pen.
constexpr StrokeKnot kDigit4A0[] = {{.12f, .04f, .16f, .02f},
                                    {.08f, .28f, .08f, .26f},
                                    {.02f, .56f, -.04f, .58f, kCorner},
                                    {.30f, .55f, .30f, .58f},
                                    {.62f, .52f, .70f, .54f}};
constexpr StrokeKnot kDigit4A1[] = {{.52f, .00f, .54f, .06f},
                                    {.50f, .34f, .48f, .38f},
                                    {.47f, .68f, .44f, .70f},
                                    {.44f, 1.0f, .42f, 1.0f}};
constexpr StrokeKnot kDigit4B0[] = {{.46f, .00f, .40f, .00f},
                                    {.24f, .30f, .20f, .32f},
                                    {-.02f, .62f, -.02f, .66f, kCorner},
                                    {.32f, .62f, .34f, .65f},
                                    {.68f, .60f, .76f, .62f}};
constexpr StrokeKnot kDigit4B1[] = {{.48f, .01f, .50f, .26f},
                                    {.47f, .34f, .48f, .48f},
                                    {.46f, .67f, .46f, .74f},
                                    {.45f, 1.0f, .44f, 1.0f}};
constexpr StrokeKnot kDigit4C0[] = {
    {.08f, .04f, .04f, .08f}, {.01f, .30f, .00f, .28f}, {.06f, .48f, .10f, .46f},
    {.30f, .50f, .34f, .46f}, {.50f, .34f, .50f, .32f}, {.58f, .04f, .60f, .00f, kCorner},
    {.54f, .36f, .52f, .34f}, {.50f, .70f, .48f, .68f}, {.46f, 1.0f, .46f, 1.0f}};

// 5: body, then the bar on top; in one stroke; in one stroke and round like an S.
constexpr StrokeKnot kDigit5A0[] = {
    {.14f, .04f, .12f, .06f}, {.11f, .22f, .09f, .24f}, {.07f, .42f, .06f, .44f, kCorner},
    {.28f, .38f, .30f, .36f}, {.50f, .50f, .54f, .52f}, {.54f, .72f, .56f, .76f},
    {.40f, .93f, .38f, .95f}, {.18f, 1.0f, .16f, 1.0f}, {-.02f, .92f, -.04f, .94f}};
constexpr StrokeKnot kDigit5A1[] = {
    {.13f, .05f, .14f, .03f}, {.36f, .04f, .42f, .02f}, {.58f, .02f, .72f, .00f}};
constexpr StrokeKnot kDigit5B0[] = {
    {.58f, .01f, .66f, .02f}, {.38f, .02f, .42f, .02f},          {.16f, .05f, .14f, .04f, kCorner},
    {.12f, .24f, .11f, .22f}, {.08f, .44f, .06f, .40f, kCorner}, {.28f, .39f, .30f, .37f},
    {.48f, .52f, .54f, .52f}, {.50f, .74f, .58f, .74f},          {.34f, .95f, .40f, .95f},
    {.14f, 1.0f, .16f, 1.0f}, {-.02f, .92f, -.04f, .92f}};
constexpr StrokeKnot kDigit5C0[] = {
    {.58f, .03f, .62f, .10f}, {.36f, .02f, .40f, .00f}, {.16f, .10f, .18f, .10f},
    {.11f, .30f, .12f, .30f}, {.30f, .43f, .32f, .46f}, {.50f, .58f, .52f, .62f},
    {.50f, .82f, .48f, .86f}, {.28f, .98f, .24f, 1.0f}, {.02f, .92f, -.04f, .90f}};

// 6: bent stem with a round bowl; straight stem with a flat bowl.
constexpr StrokeKnot kDigit6A0[] = {{.46f, .00f, .54f, .02f}, {.25f, .16f, .28f, .12f},
                                    {.09f, .42f, .08f, .40f}, {.03f, .72f, .00f, .70f},
                                    {.16f, .95f, .16f, .95f}, {.40f, .97f, .44f, .96f},
                                    {.55f, .78f, .60f, .76f}, {.45f, .58f, .48f, .54f},
                                    {.25f, .58f, .26f, .54f}, {.07f, .76f, .06f, .72f}};
constexpr StrokeKnot kDigit6B0[] = {{.32f, .00f, .22f, .00f}, {.18f, .24f, .12f, .24f},
                                    {.07f, .50f, .04f, .50f}, {.03f, .76f, .02f, .78f},
                                    {.18f, .98f, .20f, .99f}, {.42f, .92f, .46f, .90f},
                                    {.49f, .74f, .52f, .74f}, {.36f, .62f, .40f, .60f},
                                    {.18f, .68f, .20f, .64f}, {.08f, .86f, .07f, .82f}};

// 7: plain; crossed; with a serif where the pen is set down.
constexpr StrokeKnot kDigit7A0[] = {{.00f, .05f, .02f, .10f},          {.26f, .04f, .28f, .06f},
                                    {.54f, .03f, .58f, .05f, kCorner}, {.44f, .30f, .46f, .26f},
                                    {.34f, .62f, .30f, .58f},          {.26f, 1.0f, .20f, 1.0f}};
constexpr StrokeKnot kDigit7B0[] = {{.00f, .05f, .00f, .10f},          {.28f, .04f, .28f, .04f},
                                    {.58f, .02f, .60f, .03f, kCorner}, {.45f, .30f, .48f, .28f},
                                    {.34f, .62f, .34f, .60f},          {.26f, 1.0f, .22f, 1.0f}};
constexpr StrokeKnot kDigit7B1[] = {
    {.14f, .53f, .08f, .50f}, {.36f, .51f, .36f, .50f}, {.58f, .48f, .64f, .50f}};
constexpr StrokeKnot kDigit7C0[] = {{.00f, .20f, -.02f, .26f},         {.02f, .12f, .01f, .14f},
                                    {.05f, .05f, .05f, .03f, kCorner}, {.30f, .05f, .32f, .04f},
                                    {.56f, .02f, .62f, .00f, kCorner}, {.42f, .28f, .50f, .28f},
                                    {.33f, .60f, .38f, .60f},          {.30f, 1.0f, .30f, 1.0f}};

// 8: one stroke beginning like an S; two rings; one stroke beginning at the waist.
constexpr StrokeKnot kDigit8A0[] = {
    {.52f, .14f, .58f, .10f}, {.34f, .00f, .36f, .00f}, {.12f, .12f, .12f, .12f},
    {.16f, .34f, .16f, .32f}, {.36f, .49f, .36f, .48f}, {.53f, .70f, .54f, .70f},
    {.44f, .94f, .42f, .96f}, {.22f, .99f, .18f, 1.0f}, {.05f, .84f, .00f, .84f},
    {.13f, .62f, .12f, .64f}, {.36f, .44f, .38f, .44f}, {.53f, .26f, .56f, .26f},
    {.48f, .07f, .58f, .06f}};
constexpr StrokeKnot kDigit8B0[] = {{.30f, .46f, .26f, .50f}, {.11f, .36f, .08f, .38f},
                                    {.10f, .14f, .10f, .14f}, {.30f, .00f, .32f, .00f},
                                    {.50f, .12f, .50f, .14f}, {.48f, .36f, .46f, .38f},
                                    {.28f, .46f, .26f, .49f}};
constexpr StrokeKnot kDigit8B1[] = {{.28f, .46f, .26f, .50f}, {.06f, .60f, .06f, .64f},
                                    {.02f, .84f, .06f, .88f}, {.26f, 1.0f, .24f, 1.0f},
                                    {.50f, .90f, .44f, .90f}, {.50f, .64f, .44f, .66f},
                                    {.30f, .46f, .28f, .49f}};
constexpr StrokeKnot kDigit8C0[] = {
    {.32f, .46f, .34f, .44f}, {.13f, .32f, .14f, .32f}, {.13f, .10f, .16f, .10f},
    {.32f, .00f, .36f, .00f}, {.51f, .12f, .54f, .12f}, {.47f, .32f, .50f, .34f},
    {.28f, .48f, .28f, .52f}, {.08f, .68f, .08f, .72f}, {.08f, .92f, .06f, .92f},
    {.30f, 1.0f, .24f, 1.0f}, {.52f, .86f, .46f, .88f}, {.48f, .62f, .46f, .64f},
    {.28f, .44f, .28f, .42f}};

// 9: ring and straight stem; ring and hooked stem; ring left open, slack stem.
constexpr StrokeKnot kDigit9A0[] = {{.48f, .10f, .52f, .08f},          {.27f, .00f, .30f, .00f},
                                    {.06f, .14f, .06f, .14f},          {.05f, .36f, .04f, .38f},
                                    {.25f, .46f, .26f, .50f},          {.44f, .32f, .46f, .36f},
                                    {.52f, .05f, .56f, .06f, kCorner}, {.49f, .38f, .52f, .38f},
                                    {.46f, .70f, .46f, .70f},          {.42f, 1.0f, .38f, 1.0f}};
constexpr StrokeKnot kDigit9B0[] = {
    {.50f, .12f, .52f, .08f},          {.28f, .00f, .30f, .00f}, {.06f, .15f, .06f, .16f},
    {.06f, .38f, .06f, .40f},          {.26f, .48f, .28f, .50f}, {.46f, .34f, .46f, .38f},
    {.53f, .10f, .55f, .08f, kCorner}, {.53f, .42f, .56f, .40f}, {.47f, .76f, .50f, .76f},
    {.28f, .98f, .30f, .99f},          {.04f, .94f, .06f, .92f}};
constexpr StrokeKnot kDigit9C0[] = {{.44f, .03f, .38f, .00f}, {.18f, .06f, .16f, .08f},
                                    {.04f, .26f, .04f, .28f}, {.14f, .44f, .18f, .44f},
                                    {.36f, .36f, .38f, .36f}, {.48f, .14f, .46f, .14f},
                                    {.48f, .10f, .46f, .10f}, {.46f, .42f, .44f, .40f},
                                    {.38f, .72f, .32f, .70f}, {.28f, 1.0f, .16f, 1.0f}};

constexpr StrokePath kPaths0A[] = {kDigit0A0};
constexpr StrokePath kPaths0B[] = {kDigit0B0};
constexpr StrokePath kPaths1A[] = {kDigit1A0};
constexpr StrokePath kPaths1B[] = {kDigit1B0};
constexpr StrokePath kPaths1C[] = {kDigit1C0, kDigit1C1};
constexpr StrokePath kPaths2A[] = {kDigit2A0};
constexpr StrokePath kPaths2B[] = {kDigit2B0};
constexpr StrokePath kPaths2C[] = {kDigit2C0};
constexpr StrokePath kPaths3A[] = {kDigit3A0};
constexpr StrokePath kPaths3B[] = {kDigit3B0};
constexpr StrokePath kPaths3C[] = {kDigit3C0};
constexpr StrokePath kPaths4A[] = {kDigit4A0, kDigit4A1};
constexpr StrokePath kPaths4B[] = {kDigit4B0, kDigit4B1};
constexpr StrokePath kPaths4C[] = {kDigit4C0};
constexpr StrokePath kPaths5A[] = {kDigit5A0, kDigit5A1};
constexpr StrokePath kPaths5B[] = {kDigit5B0};
constexpr StrokePath kPaths5C[] = {kDigit5C0};
constexpr StrokePath kPaths6A[] = {kDigit6A0};
constexpr StrokePath kPaths6B[] = {kDigit6B0};
constexpr StrokePath kPaths7A[] = {kDigit7A0};
constexpr StrokePath kPaths7B[] = {kDigit7B0, kDigit7B1};
constexpr StrokePath kPaths7C[] = {kDigit7C0};
constexpr StrokePath kPaths8A[] = {kDigit8A0};
constexpr StrokePath kPaths8B[] = {kDigit8B0, kDigit8B1};
constexpr StrokePath kPaths8C[] = {kDigit8C0};
constexpr StrokePath kPaths9A[] = {kDigit9A0};
constexpr StrokePath kPaths9B[] = {kDigit9B0};
constexpr StrokePath kPaths9C[] = {kDigit9C0};

constexpr StrokeVariant kVariants0[] = {{kPaths0A, .65f}, {kPaths0B, .35f}};
constexpr StrokeVariant kVariants1[] = {{kPaths1A, .6f}, {kPaths1B, .3f}, {kPaths1C, .1f}};
constexpr StrokeVariant kVariants2[] = {{kPaths2A, .4f}, {kPaths2B, .35f}, {kPaths2C, .25f}};
constexpr StrokeVariant kVariants3[] = {{kPaths3A, .5f}, {kPaths3B, .3f}, {kPaths3C, .2f}};
constexpr StrokeVariant kVariants4[] = {{kPaths4A, .45f}, {kPaths4B, .25f}, {kPaths4C, .3f}};
constexpr StrokeVariant kVariants5[] = {{kPaths5A, .4f}, {kPaths5B, .35f}, {kPaths5C, .25f}};
constexpr StrokeVariant kVariants6[] = {{kPaths6A, .55f}, {kPaths6B, .45f}};
constexpr StrokeVariant kVariants7[] = {{kPaths7A, .5f}, {kPaths7B, .3f}, {kPaths7C, .2f}};
constexpr StrokeVariant kVariants8[] = {{kPaths8A, .55f}, {kPaths8B, .2f}, {kPaths8C, .25f}};
constexpr StrokeVariant kVariants9[] = {{kPaths9A, .5f}, {kPaths9B, .25f}, {kPaths9C, .25f}};

constexpr std::array<std::span<const StrokeVariant>, 10> kDigits = {
    kVariants0, kVariants1, kVariants2, kVariants3, kVariants4,
    kVariants5, kVariants6, kVariants7, kVariants8, kVariants9};

}  // namespace

std::span<const StrokeVariant> stroke_variants_of(int label) {
  assert(label >= 0 && label < 10);
  return kDigits[static_cast<std::size_t>(label)];
}

}  // namespace hourglass
