#!/usr/bin/env python3
"""Writes text.json: what scikit-learn makes of texts that core/text and core/analysis are given too.

Needs scikit-learn (Debian: python3-sklearn). Run from this folder: python3 make_text.py
"""
import collections
import json
import re

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

TOPICS = ["astronomy", "cooking", "music"]
EACH, WORDS, SIZE, NEAREST = 10, 70, 3, 4

# The first English texts of some topics of our own corpus.
texts, labels = [], []
with open("../../assets/corpus/documents.tsv", encoding="utf-8") as file:
    for line in file:
        topic, text = line.rstrip("\n").split("\t")
        if topic in TOPICS and text.isascii() and labels.count(TOPICS.index(topic)) < EACH:
            texts.append(text)
            labels.append(TOPICS.index(topic))
labels = np.array(labels)


def words_of(text):
    return re.findall(r"[a-z0-9]{2,}", text.lower())


# Without a stop list, which is ours alone.
frequencies = collections.Counter(word for text in texts for word in words_of(text))
vocabulary = sorted(frequencies, key=lambda word: (-frequencies[word], word))[:WORDS]
counts = CountVectorizer(analyzer=words_of, vocabulary=vocabulary).fit_transform(texts)
# Every third text asks for the others.
asks = np.arange(len(texts)) % 3 == 0
tfidf = TfidfTransformer().fit(counts[~asks])
searched, asking = tfidf.transform(counts[~asks]), tfidf.transform(counts[asks])
log_tfidf = TfidfTransformer(sublinear_tf=True).fit(counts[~asks]).transform(counts[asks])
svd = TruncatedSVD(SIZE, algorithm="arpack").fit(searched)
codes, asking_codes = svd.transform(searched), svd.transform(asking)


def precision(distances):
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :NEAREST]
    return float((labels[~asks][nearest] == labels[asks][:, None]).mean())


def rounded(rows):
    return [[float(f"{value:.10g}") for value in row] for row in rows]


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


with open("text.json", "w", encoding="utf-8") as file:
    json.dump({"texts": texts, "labels": labels.tolist(), "nearest": NEAREST,
               "vocabulary": vocabulary, "different_words": len(frequencies),
               "counts": counts.toarray().tolist(),
               "idf": tfidf.idf_.tolist(),
               "searched": rounded(searched.toarray()), "asking": rounded(asking.toarray()),
               "asking_log": rounded(log_tfidf.toarray()),
               "singular_values": svd.singular_values_.tolist(),
               "codes": rounded(codes), "asking_codes": rounded(asking_codes),
               "tfidf_precision": precision(-(asking @ searched.T).toarray()),
               "euclidean_precision": precision(
                   np.linalg.norm(asking_codes[:, None] - codes[None], axis=2)),
               "cosine_precision": precision(-unit(asking_codes) @ unit(codes).T)}, file)
    file.write("\n")
