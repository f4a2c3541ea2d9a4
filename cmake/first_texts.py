#!/usr/bin/env python3
"""Writes those of the texts that the page needs before somebody points at anything.

first_texts.py --texts en.json --out FILE

What explains a control (.help, .formula), the applications, the lessons and the page of help come later, as a file of all
texts beside the page: nobody sees them before the network learns.
"""
import argparse
import json

LATER = ("anomaly.", "compare.", "compress.", "diagnosis.", "documents.", "generate.", "job.", "keys.", "lesson.", "lessons.", "mirror.",
         "teach.", "own_data.", "pca.", "pretrain.", "probe.", "save.", "search.", "sweep.", "tsne.")

# What a first visit is offered is read before anything is pointed at.
FIRST = "lesson.offer"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    with open(args.texts, encoding="utf-8") as file:
        texts = json.load(file)
    first = {key: text for key, text in texts.items()
             if not key.endswith((".help", ".formula")) and (key.startswith(FIRST) or not key.startswith(LATER))}
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(first, file, ensure_ascii=False, separators=(",", ":"))


main()
