#!/usr/bin/env python3
"""Writes a font that holds only the characters in use.

subset_font.py --font FILE [--face N] [--line-height EM] [--units N] --out FILE [--ascii] [--characters TEXT]
               [--texts FILE.json ...] [--plain FILE ...] [--common-chinese] [--not-in FONT ...]

--ascii adds the printable ASCII characters, --texts every character that occurs in the values of a JSON
file, --plain every one in a file of text that the font has, --common-chinese those of GB 2312's first level, 3,755
characters that nearly all of a text is written with. --not-in leaves out what other fonts already have,
so that a fallback font carries only what is missing.
--line-height says how high the font shall call its lines, in ems: fonts of one size are drawn with lines of
one height, so a font that claims a lot of room looks small beside others.
--units says in how many steps an em is measured: fewer make a smaller file, and 1,000 are more than is seen.
Digits are replaced by the font's tabular ones where it has them: numbers that change should not dance.
"""
import argparse
import json
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def tabular_digits(font):
    """Glyph name -> glyph name of the 'tnum' feature."""
    if "GSUB" not in font:
        return {}
    table = font["GSUB"].table
    lookups = {index for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"
               for index in record.Feature.LookupListIndex}
    mapping = {}
    for index in sorted(lookups):
        for part in table.LookupList.Lookup[index].SubTable:
            part = getattr(part, "ExtSubTable", part)
            mapping.update(getattr(part, "mapping", {}))
    return mapping


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", required=True)
    parser.add_argument("--face", type=int, default=0)
    parser.add_argument("--line-height", type=float, default=0)
    parser.add_argument("--units", type=int, default=0)
    parser.add_argument("--out", required=True)
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--characters", default="")
    parser.add_argument("--texts", nargs="*", default=[])
    parser.add_argument("--plain", nargs="*", default=[])
    parser.add_argument("--common-chinese", action="store_true")
    parser.add_argument("--not-in", nargs="*", default=[])
    args = parser.parse_args()

    wanted = set(map(ord, args.characters))
    if args.ascii:
        wanted.update(range(0x20, 0x7F))
    if args.common_chinese:
        rows = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
        wanted.update(ord(code.decode("gb2312")) for code in rows if not (code[0] == 0xD7 and code[1] > 0xF9))
    for path in args.texts:
        with open(path, encoding="utf-8") as file:
            for text in strings(json.load(file)):
                wanted.update(map(ord, text))

    font = TTFont(args.font, fontNumber=args.face)
    for path in args.plain:
        with open(path, encoding="utf-8") as file:
            wanted.update(set(map(ord, file.read())) & set(font.getBestCmap()))
    wanted -= {ord("\n"), ord("\t")}
    for path in args.not_in:
        wanted -= set(TTFont(path).getBestCmap())
    tabular = tabular_digits(font)
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            glyph = getattr(table, "cmap", {}).get(code)
            if glyph in tabular:
                table.cmap[code] = tabular[glyph]

    missing = sorted(wanted - set(font.getBestCmap()))
    if missing and args.not_in:
        sys.exit("subset_font.py: %s has no glyph for %s" % (args.font, "".join(map(chr, missing))))

    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]  # the licence asks that the copyright notice stays
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "meta", "STAT", "vhea", "vmtx", "VORG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    if args.units:
        scale_upem(font, args.units)
    if args.line_height:
        header, ems = font["hhea"], font["head"].unitsPerEm
        share = args.line_height * ems / (header.ascent - header.descent)
        header.ascent, header.descent = round(header.ascent * share), round(header.descent * share)
    font.save(args.out)


if __name__ == "__main__":
    main()
